// Colors by group, and the theme's colors as a canvas wants them.

export const mostColors = 10;

/**
 * The groups, largest first; those beyond the colors are together.
 * @param {{group?: string}[]} points
 * @returns {{name: string|null, count: number, color: number}[]} `color` -1 and `name` null for the rest
 */
export function groupsOf(points) {
  const counts = new Map();
  points.forEach(({ group }) => counts.set(group ?? null, (counts.get(group ?? null) ?? 0) + 1));
  const named = [...counts].filter(([name]) => name !== null).sort((a, b) => b[1] - a[1]);
  const own = named.slice(0, mostColors).map(([name, count], color) => ({ name, count, color }));
  const rest = points.length - own.reduce((sum, { count }) => sum + count, 0);
  return rest > 0 ? [...own, { name: null, count: rest, color: -1 }] : own;
}

/** Reads the theme's colors off an element: a canvas understands no variables. */
export function themeOf(element) {
  const probe = document.createElement('span');
  element.append(probe);
  const read = (variable) => {
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    groups: Array.from({ length: mostColors }, (_, index) => read(`--group-${index}`)),
    rest: read('--group-rest'), ink: read('--ink'), surface: read('--surface'), history: read('--history'), accent: read('--accent'),
    font: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return theme;
}
