// The query: a user of the server, a history made here, or a text.

import * as api from './api.js';
import { combobox } from './combobox.js';
import { announce, byId, el, narrow, show } from './dom.js';
import { problemBox } from './problems.js';
import * as state from './state.js';
import { fetchMissing, learn, titleOf } from './titles.js';
import { plural } from './words.js';

const fewItems = narrow() ? 3 : 8;
const mostCopied = 100; // of a user's history into one made here

const shown = el('div', { class: 'history' });
const failed = el('div');
const run = api.newest();
let all = false; // whether a long history is shown whole
let ofUser = []; // what the chosen user has

const fail = (error) => show(failed, problemBox(error));

const userField = combobox({
  label: 'User', noun: 'user', placeholder: 'Type a part of the identifier', keeps: true, fail,
  search: async (text, signal) => {
    const { users } = await api.users(text, signal);
    const options = users.map((user) => ({ value: user, label: user }));
    // Anyone can be asked for, also who comes for the first time.
    return text === '' || users.includes(text) ? options : [...options, { value: text, label: text, hint: 'new to the server' }];
  },
  choose: ({ value }) => {
    all = false;
    state.set({ user: value });
  },
});

const itemField = combobox({
  label: 'Add a title', noun: 'title', placeholder: 'Type a part of a title', fail,
  search: async (text, signal) => {
    const { items } = await api.items(text, signal);
    return items.map(({ id, title, inModel }) => {
      learn(id, title);
      return { value: id, label: title ?? id, hint: inModel ? undefined : 'not in the model yet' };
    });
  },
  choose: ({ value, label }) => {
    state.addToHistory(value);
    announce(`${label} added`);
  },
});

let typing = 0; // a list is asked for when nothing was typed for a while

const contentField = el('label', { class: 'field' }, el('span', {}, 'Text'), el('textarea', {
  rows: 5, placeholder: 'A post, a question, the words around a citation', oninput: ({ target }) => {
    clearTimeout(typing);
    typing = setTimeout(() => state.set({ content: target.value }), 400);
  },
}));

/** Fills the panel's first half. */
export function build() {
  const choice = (asks, text) => el('label', {},
    el('input', { type: 'radio', name: 'asks', value: asks, onchange: () => state.set({ asks }) }), el('span', {}, text));
  byId('query').append(el('section', { class: 'card' },
    el('fieldset', { class: 'segments' }, el('legend', {}, 'User'), choice('user', 'A user'), choice('history', 'A history'), choice('content', 'A text')),
    userField.element, itemField.element, contentField, failed, shown));
  state.onChange((_, names) => {
    if (['asks', 'user', 'history', 'content'].some((name) => names.has(name))) {
      refresh();
    }
  });
  refresh();
}

/** Shows the user or history of the query, and what they have; a "historychange" of the document says when that is known. */
export async function refresh() {
  const now = state.get();
  const { asks } = now;
  document.querySelectorAll('input[name=asks]').forEach((radio) => { radio.checked = radio.value === now.asks; });
  userField.element.hidden = asks !== 'user';
  itemField.element.hidden = asks !== 'history';
  contentField.hidden = asks !== 'content';
  userField.put(now.user);
  const text = contentField.querySelector('textarea');
  text.value = document.activeElement === text ? text.value : now.content; // not under the hands of who types
  show(failed);
  try {
    await { user: () => showUser(now.user), history: () => showHistory(now.history), content: showContent }[asks]();
  } catch (error) {
    fail(error);
  }
}

/** The history that the lists go by, oldest first. */
export const historyNow = () => ({ user: ofUser, history: state.get().history, content: [] })[state.get().asks];

function showContent() {
  document.dispatchEvent(new CustomEvent('historychange'));
  show(shown, el('p', { class: 'muted' }, 'For models that read texts of requests; others answer with popular items and say so.'));
}

async function showUser(user) {
  if (user === '') {
    ofUser = [];
    show(shown, el('p', { class: 'muted' }, 'Choose a user whom the model knows, or type a new identifier.'));
    return;
  }

  const found = await run((signal) => api.history(user, signal));
  if (found === undefined) {
    return;
  }

  found.items.forEach(({ item, title }) => learn(item, title));
  ofUser = found.items.map(({ item }) => item);
  document.dispatchEvent(new CustomEvent('historychange'));
  const newestFirst = [...ofUser].reverse();
  const listed = all ? newestFirst : newestFirst.slice(0, fewItems);
  show(shown,
    el('p', { class: 'row between' },
      el('span', {}, el('strong', {}, ofUser.length === 0 ? 'Nothing yet' : plural(ofUser.length, 'item')), ofUser.length > 1 && el('small', {}, 'newest first')),
      ofUser.length > 0 && el('button', { type: 'button', class: 'quiet', onclick: copy, title: 'Make a history of these to try changes of it' }, 'Edit a copy')),
    el('ul', { class: all ? 'titles scroll' : 'titles' }, listed.map((id) => el('li', {}, el('span', {}, titleOf(id))))),
    newestFirst.length > fewItems && el('button', { type: 'button', class: 'quiet', onclick: () => { all = !all; showUser(user); } },
      all ? 'Show fewer' : `Show all ${newestFirst.length}`));
}

const copy = () => state.set({ asks: 'history', history: [...new Set(ofUser)].slice(-mostCopied) });

async function showHistory(history) {
  await fetchMissing(history);
  if (state.get().history !== history) {
    return; // changed meanwhile
  }

  document.dispatchEvent(new CustomEvent('historychange'));
  show(shown, history.length === 0
    ? el('p', { class: 'muted' }, 'Add what someone liked, oldest first: two or three titles are enough. The map and the lists have buttons for it too.')
    : [
      el('p', { class: 'row between' }, el('span', {}, el('strong', {}, plural(history.length, 'item')), history.length > 1 && el('small', {}, 'oldest first')),
        el('button', { type: 'button', class: 'quiet', onclick: () => change([], 'History cleared') }, 'Clear')),
      el('ol', { class: 'titles' }, history.map((id, place) => row(id, place, history))),
    ]);
}

function row(id, place, history) {
  const title = titleOf(id);
  const move = (by, way) => el('button', {
    type: 'button', class: 'icon', 'aria-label': `Move ${title} ${way}`, 'data-move': way, disabled: history[place + by] === undefined,
    onclick: () => {
      const changed = [...history];
      [changed[place], changed[place + by]] = [changed[place + by], changed[place]];
      change(changed, `${title} is number ${place + by + 1}`);
      focusOn(place + by, way);
    },
  }, by < 0 ? '↑' : '↓');
  return el('li', { 'data-item': id },
    el('span', {}, title),
    el('span', { class: 'buttons' },
      move(-1, 'up'), move(1, 'down'),
      el('button', {
        type: 'button', class: 'icon', 'aria-label': `Remove ${title}`,
        onclick: () => {
          change(history.filter((_, at) => at !== place), `${title} removed`);
          itemField.input.focus();
        },
      }, '✕')));
}

function change(history, said) {
  state.set({ history });
  announce(said);
}

// The list is made anew: the focus goes where the moved item went.
async function focusOn(place, way) {
  await refresh();
  const buttons = shown.querySelectorAll('li')[place]?.querySelectorAll('button') ?? [];
  const same = [...buttons].find((button) => button.dataset.move === way && !button.disabled);
  (same ?? buttons[2])?.focus();
}
