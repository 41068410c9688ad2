// Compare: two models answer the same request, side by side.

import * as api from './api.js';
import { modelChoice } from './controls.js';
import { announce, byId, el, show, svg } from './dom.js';
import { agreement, partners } from './overlap.js';
import { problemBox } from './problems.js';
import { learnTitles, scale, scoreBar } from './ranked.js';
import * as state from './state.js';
import { titleOf } from './titles.js';
import { percent, strategyName } from './words.js';

const relevant = [...state.askNames, 'model', 'other'];
const run = api.newest();
const place = el('div', { class: 'compared' });
const links = svg('svg', { class: 'links', 'aria-hidden': 'true' });
const resized = new ResizeObserver(() => drawLinks());
let models = [];
let stale = true;
let lists = []; // the two list elements

export function build(served) {
  models = served;
  byId('panel-compare').append(place);
  if (models.length < 2) {
    show(place, el('div', { class: 'card empty' },
      el('p', {}, 'This server was started with one model. To see two side by side, name another when it starts:'),
      el('p', {}, el('code', {}, 'taste serve runs/ease --compare runs/bpr-mf'))));
    return;
  }

  resized.observe(place);
  state.onChange((now, names) => {
    stale ||= relevant.some((name) => names.has(name));
    refreshWhereShown(now);
  });
  refreshWhereShown(state.get());
}

function refreshWhereShown({ tab }) {
  if (stale && tab === 'compare') {
    refresh();
  }
}

const left = () => state.get().model || models[0].name;
const right = () => state.get().other || models.find(({ name }) => name !== left()).name;

function choices() {
  return el('div', { class: 'row between' },
    modelChoice('Left', models, left(), (model) => state.set({ model })),
    el('button', { type: 'button', class: 'quiet', onclick: () => state.set({ model: right(), other: left() }) }, '⇄ Swap'),
    modelChoice('Right', models, right(), (other) => state.set({ other })));
}

async function refresh() {
  stale = false;
  if (!state.asked()) {
    lists = [];
    show(place, el('div', { class: 'card' }, choices(), el('p', { class: 'empty' }, 'Choose a user, or make a history: both models get the same request.')));
    return;
  }

  place.setAttribute('aria-busy', 'true');
  try {
    const answers = await run((signal) => Promise.all([left(), right()].map((name) => api.recommend(state.query(name), signal))));
    if (answers !== undefined) {
      showBoth(answers);
    }
  } catch (error) {
    lists = [];
    show(place, el('div', { class: 'card' }, choices(), problemBox(error)));
  }

  place.removeAttribute('aria-busy');
}

function showBoth(answers) {
  answers.forEach(({ items }) => learnTitles(items));
  const ids = answers.map(({ items }) => items.map(({ item }) => item));
  lists = answers.map((answer, side) => list(answer, partners(ids[side], ids[1 - side]), [left(), right()][side]));
  const steps = agreement(ids[0], ids[1], [1, 3, 5, 10, 20, 50]);
  const { both, depth } = steps[steps.length - 1] ?? { both: 0, depth: 0 };
  const said = `${both} of ${depth} items are in both lists: overlap at ${depth} is ${percent(depth === 0 ? 0 : both / depth)}`;
  show(place, el('div', { class: 'card' }, choices(),
    el('p', { class: 'overlap' }, el('strong', { id: 'overlap' }, said)),
    el('ul', { class: 'steps', 'aria-label': 'Overlap at other depths' }, steps.slice(0, -1).map((step) =>
      el('li', {}, el('span', { class: 'bar', vars: { '--share': step.both / step.depth } }), `at ${step.depth}: ${percent(step.both / step.depth)}`)))),
  el('div', { class: 'card sides' }, lists[0], links, lists[1]));
  announce(said);
  drawLinks();
}

/** @param {(number|undefined)[]} elsewhere each item's place in the other list */
function list({ items, strategy, notes }, elsewhere, name) {
  const measure = scale(items);
  return el('section', { class: 'side', 'aria-label': name },
    el('h2', {}, name, el('span', { class: `badge strategy ${strategy}` }, strategyName(strategy))),
    notes.map((note) => el('p', { class: 'note' }, note)),
    el('ol', { class: 'ranked' }, items.map((one, at) => el('li', {
      'data-item': one.item, tabindex: 0, class: elsewhere[at] === undefined ? 'alone' : 'shared',
      onpointerenter: () => highlight(one.item), onfocus: () => highlight(one.item), onpointerleave: () => highlight(null), onblur: () => highlight(null),
    },
    el('span', { class: 'rank', 'aria-hidden': 'true' }, at + 1),
    el('div', { class: 'what' }, el('span', { class: 'title' }, titleOf(one.item))),
    change(at, elsewhere[at]), scoreBar(one, measure)))));
}

// Where the item stands in the other list, seen from this one.
function change(at, other) {
  const by = at - other;
  return other === undefined ? el('span', { class: 'change muted' }, 'only here')
    : by === 0 ? el('span', { class: 'change', 'aria-label': 'same rank in both' }, '=')
    : el('span', { class: `change ${by > 0 ? 'down' : 'up'}`, 'aria-label': `number ${other + 1} in the other list`, title: `Number ${other + 1} in the other list` },
      `${by > 0 ? '▼' : '▲'} ${Math.abs(by)}`);
}

function highlight(id) {
  place.querySelectorAll('[data-item]').forEach((node) => node.classList.toggle('lit', node.dataset.item === id));
}

// Lines between the same items; drawn again when the layout changes.
function drawLinks() {
  if (lists.length === 0 || !links.isConnected) {
    return;
  }

  const box = links.getBoundingClientRect();
  const middle = (node) => node.getBoundingClientRect().top + (node.offsetHeight / 2) - box.top;
  const other = new Map([...lists[1].querySelectorAll('li')].map((node) => [node.dataset.item, node]));
  links.setAttribute('viewBox', `0 0 ${Math.max(1, box.width)} ${Math.max(1, box.height)}`);
  show(links, [...lists[0].querySelectorAll('li')].filter((node) => other.has(node.dataset.item)).map((node) => {
    const [from, to, half] = [middle(node), middle(other.get(node.dataset.item)), box.width / 2];
    return svg('path', { d: `M0 ${from}C${half} ${from} ${half} ${to} ${box.width} ${to}`, 'data-item': node.dataset.item });
  }));
}
