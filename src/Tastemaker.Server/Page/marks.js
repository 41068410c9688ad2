// What is marked on the map: the history of the query, and what is recommended for it.

const listeners = new Set();

/** @type {{history: string[], items: string[]}} */
let marks = { history: [], items: [] };

export const current = () => marks;

/** @param {Partial<typeof marks>} change */
export function mark(change) {
  marks = { ...marks, ...change };
  listeners.forEach((listener) => listener(marks));
}

export function onMark(listener) {
  listeners.add(listener);
}
