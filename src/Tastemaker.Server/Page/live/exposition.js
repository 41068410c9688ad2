// Reads what Prometheus reads.

const line = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/**
 * @typedef {{labels: Record<string, string>, value: number}} Sample
 * @param {string} text
 * @returns {Map<string, Sample[]>} samples by the metric's name
 */
export function parse(text) {
  const found = new Map();
  for (const row of text.split('\n')) {
    const match = row.startsWith('#') ? null : line.exec(row);
    if (match !== null) {
      const labels = Object.fromEntries([...(match[2] ?? '').matchAll(label)].map(([, name, value]) => [name, value.replace(/\\(.)/g, (_, sign) => (sign === 'n' ? '\n' : sign))]));
      const value = match[3] === '+Inf' ? Infinity : Number(match[3]);
      found.set(match[1], [...(found.get(match[1]) ?? []), { labels, value }]);
    }
  }

  return found;
}

/** The sum over all labels; 0 where nothing was counted yet. */
export const total = (metrics, name) => (metrics.get(name) ?? []).reduce((sum, { value }) => sum + value, 0);

/** Sums by a label. @returns {Record<string, number>} */
export function by(metrics, name, key) {
  const sums = {};
  (metrics.get(name) ?? []).forEach(({ labels, value }) => { sums[labels[key]] = (sums[labels[key]] ?? 0) + value; });
  return sums;
}
