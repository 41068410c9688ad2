// What the page shows, kept in the address's fragment so that a view can be passed on.

/**
 * @typedef {object} State
 * @property {'try'|'compare'|'map'|'live'} tab
 * @property {'user'|'history'|'content'} asks what the query is of: a user, a history made here, or a text
 * @property {string} user
 * @property {string[]} history item identifiers, oldest first
 * @property {string} content the text
 * @property {string} model name of the model; empty for the one that serves
 * @property {string} other name of the model beside it
 * @property {number} count
 * @property {number} diversity
 * @property {boolean} seen whether items of the history may be listed
 * @property {Record<string, string[]>} where
 */

const tabs = ['try', 'compare', 'map', 'live'];
const listeners = new Set();

/** @type {State} */
let state = read();

export const get = () => state;

/** @param {Partial<State>} change */
export function set(change) {
  state = { ...state, ...change };
  history.replaceState(null, '', `#${write(state)}`);
  tell(change);
}

/** Calls a function after each change, with the names of what changed. */
export function onChange(listener) {
  listeners.add(listener);
}

function tell(change) {
  const names = new Set(Object.keys(change));
  listeners.forEach((listener) => listener(state, names));
}

// Someone edited the address, or followed a link to another view.
addEventListener('hashchange', () => {
  state = read();
  tell(state);
});

/** @returns {State} */
function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const where = {};
  for (const [name, value] of given) {
    if (name.startsWith('where.')) {
      (where[name.slice(6)] ??= []).push(value);
    }
  }

  return {
    tab: tabs.find((tab) => tab === given.get('tab')) ?? 'try',
    asks: given.has('item') || given.get('asks') === 'history' ? 'history' : given.has('content') || given.get('asks') === 'content' ? 'content' : 'user',
    user: given.get('user') ?? '',
    history: given.getAll('item'),
    content: given.get('content') ?? '',
    model: given.get('model') ?? '',
    other: given.get('other') ?? '',
    count: within(Number(given.get('count') ?? 10), 1, 1000, 10),
    diversity: within(Number(given.get('diversity') ?? 0), 0, 1, 0),
    seen: given.get('seen') === 'yes',
    where,
  };
}

function within(number, least, most, otherwise) {
  return number >= least && number <= most ? number : otherwise;
}

/** @param {State} now */
function write(now) {
  const text = new URLSearchParams({ tab: now.tab });
  const add = (name, value, unless) => value !== unless && text.append(name, String(value));
  if (now.asks === 'user') {
    add('user', now.user, '');
  } else if (now.asks === 'content') {
    add('asks', 'content', now.content !== '' ? 'content' : null);
    add('content', now.content, '');
  } else {
    add('asks', 'history', now.history.length > 0 ? 'history' : null);
    now.history.forEach((id) => add('item', id, null));
  }

  add('model', now.model, '');
  add('other', now.other, '');
  add('count', now.count, 10);
  add('diversity', now.diversity, 0);
  add('seen', now.seen ? 'yes' : '', '');
  Object.entries(now.where).forEach(([feature, categories]) => categories.forEach((category) => add(`where.${feature}`, category, null)));
  return text.toString();
}

/** Whether a user, a history or a text is given. */
export const asked = (now = state) => ({ user: now.user !== '', history: now.history.length > 0, content: now.content.trim() !== '' })[now.asks];

/**
 * The request that the state describes.
 * @param {string} model
 */
export function query(model = state.model) {
  return {
    ...{ user: { user: state.user }, history: { history: state.history }, content: { content: state.content } }[state.asks],
    ...(model === '' ? {} : { model }),
    ...(state.seen ? { includeSeen: true } : {}),
    ...(Object.keys(state.where).length > 0 ? { where: state.where } : {}),
    count: state.count,
    diversity: state.diversity,
  };
}

/** What of the state a list depends on. */
export const askNames = ['asks', 'user', 'history', 'content', 'count', 'diversity', 'seen', 'where'];

/** Puts an item at the end of the history that is made here. */
export function addToHistory(id) {
  set({ asks: 'history', history: [...state.history.filter((other) => other !== id), id] });
}
