// Histograms as Prometheus counts them, and what can be told from the difference of two.

/**
 * @typedef {{bounds: number[], counts: number[]}} Histogram counts of each bucket by itself; the last bound is infinite
 * @param {Map<string, import('./exposition.js').Sample[]>} metrics
 * @param {string} name
 * @param {(labels: Record<string, string>) => boolean} [wanted] which samples count
 * @returns {Histogram}
 */
export function histogramOf(metrics, name, wanted = () => true) {
  const sums = new Map();
  for (const { labels, value } of metrics.get(`${name}_bucket`) ?? []) {
    if (wanted(labels)) {
      const bound = labels.le === '+Inf' ? Infinity : Number(labels.le);
      sums.set(bound, (sums.get(bound) ?? 0) + value);
    }
  }

  const bounds = [...sums.keys()].sort((a, b) => a - b);
  return { bounds, counts: bounds.map((bound, place) => sums.get(bound) - (place === 0 ? 0 : sums.get(bounds[place - 1]))) };
}

/** What was counted between two readings. @param {Histogram} later @param {Histogram} earlier @returns {Histogram} */
export function between(later, earlier) {
  const before = new Map(earlier.bounds.map((bound, place) => [bound, earlier.counts[place]]));
  return { bounds: later.bounds, counts: later.counts.map((count, place) => Math.max(0, count - (before.get(later.bounds[place]) ?? 0))) };
}

export const size = ({ counts }) => counts.reduce((sum, count) => sum + count, 0);

/**
 * A quantile, with values spread evenly inside each bucket; null where nothing was counted.
 * @param {Histogram} histogram of values from 0 up
 */
export function quantile(histogram, share) {
  const wanted = share * size(histogram);
  let passed = 0;
  for (let place = 0; place < histogram.counts.length && wanted > 0; place++) {
    const count = histogram.counts[place];
    if (count > 0 && passed + count >= wanted) {
      const from = place === 0 ? 0 : histogram.bounds[place - 1];
      const to = histogram.bounds[place];
      return to === Infinity ? from : from + ((to - from) * (wanted - passed) / count);
    }

    passed += count;
  }

  return null;
}

/**
 * How far two distributions are apart: the population stability index, sum (p - q) ln (p / q) over the buckets, with half an observation added to each bucket that
 * either has, so that empty ones have a logarithm.
 * @param {Histogram} one
 * @param {Histogram} other of the same buckets
 */
export function drift(one, other) {
  const used = one.counts.map((_, place) => place).filter((place) => one.counts[place] + other.counts[place] > 0);
  const share = (counts, place) => (counts[place] + 0.5) / (used.reduce((sum, at) => sum + counts[at], 0) + (0.5 * used.length));
  return used.reduce((sum, place) => {
    const [p, q] = [share(one.counts, place), share(other.counts, place)];
    return sum + ((p - q) * Math.log(p / q));
  }, 0);
}
