// Try it: a list, why it is so, and what follows from taking an item.

import * as api from './api.js';
import { historyNow, refresh as refreshQuery } from './query.js';
import { modelChoice } from './controls.js';
import { announce, byId, el, freshId, show } from './dom.js';
import { mark } from './marks.js';
import { problemBox } from './problems.js';
import { learnTitles, reasons, scale, scoreBar } from './ranked.js';
import * as state from './state.js';
import { titleOf } from './titles.js';
import { strategies, strategyName } from './words.js';

const toDo = {
  user: 'Choose a user to see what the model recommends, and why.',
  history: 'Add a title to see what goes with it, and why.',
  content: 'Write a text to see what the model recommends for it.',
};
const relevant = [...state.askNames, 'model'];
const run = api.newest();
const head = el('div', { class: 'row between head' });
const notes = el('div');
const list = el('ol', { class: 'ranked', 'aria-label': 'Recommended items' });
const foot = el('div', { class: 'row' });
let shown = null; // the answer on display, pages put together
let stale = true;
let models = [];

export function build(served) {
  models = served;
  byId('panel-try').append(el('div', { class: 'card results' }, head, notes, list, foot));
  state.onChange((now, names) => {
    stale ||= relevant.some((name) => names.has(name));
    refreshWhereShown(now);
  });
  refreshWhereShown(state.get());
}

// The map marks the list too.
function refreshWhereShown({ tab }) {
  if (stale && (tab === 'try' || tab === 'map')) {
    refresh();
  }
}

async function refresh() {
  stale = false;
  if (!state.asked()) {
    await run(async () => {}); // gives up what runs
    shown = null;
    mark({ items: [] });
    showHead();
    show(notes, el('div', { class: 'empty' },
      el('p', {}, toDo[state.get().asks]),
      state.get().asks !== 'content' && el('button', { type: 'button', class: 'primary', onclick: surprise }, 'Surprise me')));
    show(list);
    show(foot);
    return;
  }

  list.setAttribute('aria-busy', 'true');
  try {
    const answer = await run((signal) => api.recommend({ ...state.query(), explain: true }, signal));
    if (answer !== undefined) {
      shown = answer;
      showAnswer();
      announce(`${answer.items.length} items, answered by ${strategyName(answer.strategy)}`);
    }
  } catch (error) {
    shown = null;
    showHead();
    show(notes, problemBox(error));
    show(list);
    show(foot);
  }

  list.removeAttribute('aria-busy');
}

// Whoever looks at the page for the first time knows no identifier.
async function surprise() {
  try {
    const byUser = state.get().asks === 'user';
    const found = byUser ? (await api.users('')).users : (await api.items('')).items.map(({ id }) => id);
    const one = found[Math.floor(Math.random() * found.length)];
    if (one !== undefined) {
      state.set(byUser ? { user: one } : { history: [one] });
    }
  } catch (error) {
    show(notes, problemBox(error));
  }
}

function showHead() {
  const now = state.get();
  const who = !state.asked(now) ? 'Nothing selected' : { user: `For ${now.user}`, history: 'For this history', content: 'For this text' }[now.asks];
  show(head, el('div', { class: 'row' }, el('h2', {}, who), shown && strategyBadge(shown.strategy)),
    modelChoice('Model', models, now.model === '' ? models[0]?.name : now.model, (name) => state.set({ model: name === models[0].name ? '' : name })));
}

/** What answered, with an explanation of all that can. */
function strategyBadge(strategy) {
  const id = freshId('strategies');
  const tip = el('div', { popover: true, id, class: 'tip' },
    el('dl', {}, Object.entries(strategies).flatMap(([key, [name, meaning]]) =>
      [el('dt', { 'aria-current': key === strategy }, name, key === strategy ? ' answered here' : ''), el('dd', {}, meaning)])));
  return el('span', {}, el('button', {
    type: 'button', class: `badge strategy ${strategy}`, popovertarget: id, title: strategies[strategy]?.[1], 'data-strategy': strategy,
    'aria-label': `Answered by ${strategyName(strategy)}: what does this mean?`,
  }, strategyName(strategy), el('span', { 'aria-hidden': 'true', class: 'ask' }, '?')), tip);
}

function showAnswer() {
  learnTitles(shown.items);
  mark({ items: shown.items.map(({ item }) => item) });
  showHead();
  show(notes, shown.notes.map((note) => el('p', { class: 'note' }, note)), shown.items.length === 0 && el('p', { class: 'empty' }, 'No item is left to recommend. Loosen the filters.'));
  const measure = scale(shown.items);
  show(list, shown.items.map((one, place) => row(one, place, measure)));
  show(foot, shown.next && el('button', { type: 'button', onclick: nextPage }, 'Next page'));
}

function row(one, place, measure) {
  const title = titleOf(one.item);
  const more = el('div', { class: 'similar', id: freshId('similar'), hidden: true });
  const opener = el('button', {
    type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': more.id, 'aria-label': `Similar to ${title}`,
    onclick: () => toggleSimilar(opener, more, one.item),
  }, 'Similar');
  return el('li', { 'data-item': one.item },
    el('span', { class: 'rank', 'aria-hidden': 'true' }, place + 1),
    el('div', { class: 'what' }, el('span', { class: 'title' }, title), reasons(one, measure)),
    scoreBar(one, measure),
    el('span', { class: 'buttons' }, opener, state.get().asks === 'user'
      ? el('button', { type: 'button', onclick: (event) => report(event.currentTarget, one.item), 'aria-label': `Add ${title} to the history of ${state.get().user}`, title: 'Report it to the server as an interaction' }, 'Add to history')
      : state.get().asks === 'history' && el('button', { type: 'button', onclick: () => add(one.item), 'aria-label': `Add ${title} to the history` }, 'Add')),
    more);
}

function add(id) {
  state.addToHistory(id);
  announce(`${titleOf(id)} added to the history`);
}

async function report(button, id) {
  const { user } = state.get();
  button.disabled = true;
  try {
    await api.report(user, id);
    announce(`${titleOf(id)} added to the history of ${user}`);
    await Promise.all([refresh(), refreshQuery()]);
    list.querySelector('button')?.focus();
  } catch (error) {
    button.disabled = false;
    show(notes, problemBox(error));
  }
}

async function nextPage() {
  const first = shown.items.length;
  try {
    const page = await run((signal) => api.recommend({ ...state.query(), explain: true, cursor: shown.next }, signal));
    if (page === undefined) {
      return;
    }

    shown = { ...page, items: [...shown.items, ...page.items] };
    showAnswer();
    announce(page.items.length === 0 ? 'There are no more items' : `Items ${first + 1} to ${shown.items.length}`);
    list.children[first]?.querySelector('button')?.focus();
  } catch (error) {
    show(notes, problemBox(error));
  }
}

async function toggleSimilar(opener, place, id) {
  place.hidden = !place.hidden;
  opener.setAttribute('aria-expanded', String(!place.hidden));
  if (place.hidden || place.childElementCount > 0) {
    return;
  }

  try {
    const answer = await api.similar(id, state.get().model);
    learnTitles(answer.items);
    const measure = scale(answer.items);
    show(place, el('p', { class: 'muted' }, 'Most like it, in the terms of the model'),
      answer.notes.map((note) => el('p', { class: 'note' }, note)),
      el('ul', { class: 'titles' }, answer.items.map((one) => el('li', {}, el('span', {}, titleOf(one.item)), scoreBar(one, measure),
        el('button', { type: 'button', class: 'icon', 'aria-label': `Add ${titleOf(one.item)} to a history`, title: 'Add to a history', onclick: () => add(one.item) }, '+')))));
  } catch (error) {
    show(place, problemBox(error));
  }
}

// What the chosen user or history has is marked on the map.
document.addEventListener('historychange', () => mark({ history: historyNow() }));
