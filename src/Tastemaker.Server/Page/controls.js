// For what is asked: how many, how mixed, which.

import * as api from './api.js';
import { byId, el, freshId, narrow, show } from './dom.js';
import { problemBox } from './problems.js';
import * as state from './state.js';
import { count as grouped } from './words.js';

const counts = [5, 10, 20, 50];

/** Fills the panel's second half. */
export function build() {
  const filters = el('div', { class: 'filters' });
  // On a phone the list comes first, and what narrows it is one touch away.
  byId('query').append(el('details', { class: 'card', open: !narrow() }, el('summary', {}, el('h2', {}, 'Options')), counting(), diversity(), seen(), filters));
  fillFilters(filters);
}

/** A choice among the models; hidden where there is only one. */
export function modelChoice(label, models, chosen, choose) {
  const id = freshId('model');
  const select = el('select', { id, onchange: () => choose(select.value) },
    models.map(({ name, system }) => el('option', { value: name, selected: name === chosen }, name === system ? name : `${name} (${system})`)));
  return el('div', { class: 'field', hidden: models.length < 2 }, el('label', { for: id }, label), select);
}

// Whatever sets the state, a control shows it.
function follow(name, update) {
  state.onChange((now, names) => names.has(name) && update(now[name]));
  update(state.get()[name]);
}

function counting() {
  const id = freshId('count');
  const select = el('select', { id, onchange: () => state.set({ count: Number(select.value) }) });
  follow('count', (chosen) => {
    show(select, [...new Set([...counts, chosen])].sort((a, b) => a - b).map((number) => el('option', { value: number, selected: number === chosen }, number)));
  });
  return el('div', { class: 'field' }, el('label', { for: id }, 'Items on a page'), select);
}

function diversity() {
  const id = freshId('diversity');
  const shown = el('output', { for: id });
  const say = (value) => { shown.textContent = value === 0 ? 'best first' : value.toFixed(1); };
  const slider = el('input', {
    id, type: 'range', min: 0, max: 1, step: 0.1,
    oninput: () => say(Number(slider.value)), onchange: () => state.set({ diversity: Number(slider.value) }),
  });
  follow('diversity', (value) => {
    slider.value = String(value);
    say(value);
  });
  return el('div', { class: 'field' }, el('label', { for: id, title: 'From the best items to items unlike those above them (maximal marginal relevance)' }, 'Diversity'), slider, shown);
}

function seen() {
  const box = el('input', { type: 'checkbox', onchange: () => state.set({ seen: box.checked }) });
  follow('seen', (value) => { box.checked = value; });
  return el('label', { class: 'check' }, box, 'Include what was already taken');
}

async function fillFilters(place) {
  try {
    const { features } = await api.features();
    show(place, features.filter(({ categories }) => categories.length > 0).map(filter));
  } catch (error) {
    show(place, problemBox(error));
  }
}

function filter({ name, categories }) {
  const chosen = () => state.get().where[name] ?? [];
  const summary = el('summary');
  const boxes = categories.map((category) => el('input', { type: 'checkbox', value: category.name, onchange: () => choose() }));
  const choose = () => {
    const { [name]: _, ...rest } = state.get().where;
    const now = boxes.filter((box) => box.checked).map((box) => box.value);
    state.set({ where: now.length > 0 ? { ...rest, [name]: now } : rest });
  };
  follow('where', () => {
    boxes.forEach((box) => { box.checked = chosen().includes(box.value); });
    show(summary, `Only some ${name}`, chosen().length > 0 ? el('span', { class: 'badge' }, chosen().length) : '');
  });
  return el('details', { open: chosen().length > 0 }, summary,
    el('fieldset', { class: 'chips' }, el('legend', { class: 'unseen' }, `Only items of these ${name}`),
      boxes.map((box, at) => el('label', { class: 'chip' }, box, el('span', {}, categories[at].name, el('small', {}, grouped(categories[at].items)))))));
}
