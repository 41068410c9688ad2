// Map: the items on a plane, near each other where the model finds them alike.

import * as api from '../api.js';
import { combobox } from '../combobox.js';
import { modelChoice } from '../controls.js';
import { announce, byId, el, show } from '../dom.js';
import * as marks from '../marks.js';
import { problemBox } from '../problems.js';
import * as state from '../state.js';
import { learn } from '../titles.js';
import { count, plural } from '../words.js';
import { groupsOf } from './palette.js';
import { MapView } from './view.js';

const neighbors = 10;
const run = api.newest();
const chosen = el('div', { class: 'card chosen', hidden: true });
const legend = el('div', { class: 'legend' });
const facts = el('p', { class: 'muted' });
const wait = el('div', { class: 'veil', hidden: true });
const zoomed = el('output', { class: 'muted', 'aria-label': 'Zoom' });
const table = el('div');
const choice = el('div');
const canvas = el('canvas', {
  tabindex: 0, role: 'application', 'aria-roledescription': 'map',
  'aria-label': 'Map of the items. Arrows move it, plus and minus zoom, 0 shows all of it, Enter chooses the item in the middle. A table of the nearest items is below.',
});
const view = new MapView(canvas, {
  choose,
  moved: () => { zoomed.textContent = `${view.camera.zoom.toFixed(1)}×`; },
  pointed: (index) => {
    if (index >= 0 && document.activeElement === canvas) {
      announce(describe(points[index]));
      showTable(index);
    }
  },
});
let points = [];
let places = new Map(); // of items, by identifier
let chosenIndex = -1;
let shownFor = null; // the model on display
let models = [];

export function build(served) {
  models = served;
  const field = combobox({ label: 'Find on the map', noun: 'title', placeholder: 'A part of a title', search, choose: ({ value }) => visit(places.get(value)), fail: (error) => show(chosen, problemBox(error)) });
  const button = (text, label, act) => el('button', { type: 'button', class: 'icon', 'aria-label': label, title: label, onclick: act }, text);
  byId('panel-map').append(
    el('div', { class: 'row between maptop' }, field.element, choice, facts),
    el('div', { class: 'card plane' },
      el('div', { class: 'stage' }, canvas,
        el('div', { class: 'zoom' }, button('+', 'Zoom in', () => view.zoomBy(1.6)), button('−', 'Zoom out', () => view.zoomBy(1 / 1.6)), button('⤢', 'Show all', () => view.reset()), zoomed),
        chosen, wait),
      legend),
    el('details', { class: 'card nearest', ontoggle: () => view.pointed >= 0 && showTable(view.pointed) }, el('summary', {}, 'The nearest items, as a table'), table));
  marks.onMark(showMarks);
  state.onChange(({ tab, model }, names) => {
    if (tab === 'map' && (names.has('tab') || names.has('model')) && shownFor !== model) {
      load();
    }
  });
  show(table, el('p', { class: 'muted' }, 'Choose an item on the map, or find one above.'));
  if (state.get().tab === 'map') {
    load();
  }
}

async function load() {
  const { model } = state.get();
  show(choice, modelChoice('Model', models, model || models[0].name, (name) => state.set({ model: name === models[0].name ? '' : name })));
  chosen.hidden = true;
  const stop = startWaiting();
  try {
    const answer = await run((signal) => api.map(model, signal));
    if (answer !== undefined) {
      shownFor = model;
      showMap(answer);
    }
  } catch (error) {
    shownFor = null;
    showMap({ points: [], basis: '' });
    show(wait, problemBox(error));
    wait.hidden = false;
  } finally {
    stop();
  }
}

// The first map of a model takes a while to compute: the reader sees that it does, and for how long it has.
function startWaiting() {
  const seconds = el('span', {}, '');
  const start = performance.now();
  const message = el('div', { class: 'waiting' }, el('span', { class: 'spinner', 'aria-hidden': 'true' }),
    el('p', {}, 'The map is being computed. The first time this takes a while, about 20 seconds for thousands of items; then it is kept. ', seconds));
  const late = setTimeout(() => {
    show(wait, message);
    wait.hidden = false;
    announce('The map is being computed');
  }, 250);
  const clock = setInterval(() => { seconds.textContent = `${Math.round((performance.now() - start) / 1000)} s so far.`; }, 1000);
  wait.hidden = true;
  return () => {
    clearTimeout(late);
    clearInterval(clock);
    wait.hidden ||= message.isConnected;
  };
}

function showMap({ points: given, basis, groupedBy, system }) {
  const groups = groupsOf(given);
  const colors = new Map(groups.map(({ name, color }) => [name, color]));
  points = given.map((point) => ({ ...point, text: point.title ?? point.item, color: colors.get(point.group ?? null) ?? -1 }));
  places = new Map(points.map(({ item }, index) => [item, index]));
  points.forEach(({ item, title }) => learn(item, title));
  facts.textContent = points.length > 0 ? `${plural(points.length, 'item')} of ${system}, near each other by ${basis}. Larger: more users.` : '';
  canvas.dataset.points = String(points.length);
  view.show(points);
  view.light(null);
  showMarks(marks.current());
  showLegend(groups, groupedBy);
}

function showLegend(groups, groupedBy) {
  const entries = groupedBy ? groups.map(({ name, count: size, color }) => {
    const entry = el('button', { type: 'button', class: `swatch group${color < 0 ? '-rest' : color}`, 'aria-pressed': 'false', onclick: () => press(entry, color) },
      name ?? 'others', el('small', {}, count(size)));
    return entry;
  }) : [];
  show(legend, groupedBy && el('span', { class: 'muted' }, `Color: ${groupedBy}`), entries,
    el('span', { class: 'swatch mark-history' }, 'history'), el('span', { class: 'swatch mark-item' }, 'recommended'));
}

function press(entry, color) {
  const on = entry.getAttribute('aria-pressed') !== 'true';
  legend.querySelectorAll('button').forEach((button) => button.setAttribute('aria-pressed', String(on && button === entry)));
  view.light(on ? color : null);
}

function showMarks({ history, items }) {
  const found = new Map();
  const add = (kind) => (id, place) => places.has(id) && found.set(places.get(id), { kind, rank: place + 1 });
  history.forEach(add('history'));
  items.forEach(add('item'));
  view.mark(found);
  if (!chosen.hidden) {
    showChosen(); // which says whether it is marked
  }
}

// In the map itself: what it does not show cannot be flown to.
async function search(text) {
  const wanted = text.toLowerCase();
  return points.filter(({ text: title }) => title.toLowerCase().includes(wanted)).slice(0, 12).map(({ item, text: title, group }) => ({ value: item, label: title, hint: group }));
}

function visit(index) {
  view.visit(index);
  choose(index);
}

const describe = ({ text, group, users }) => `${text}${group ? `, ${group}` : ''}, ${plural(users, 'user')}`;

function choose(index) {
  chosenIndex = index;
  chosen.hidden = index < 0;
  if (index >= 0) {
    showChosen();
    announce(describe(points[index]));
    showTable(index);
  }
}

function showChosen() {
  const point = points[chosenIndex];
  const mark = view.marks.get(chosenIndex);
  const close = () => {
    chosen.hidden = true;
    canvas.focus();
  };
  const add = () => {
    state.addToHistory(point.item);
    announce(`${point.text} added to the history`);
  };
  const facts = [point.group, plural(point.users, 'user'), mark && (mark.kind === 'history' ? 'in the history' : `recommended, number ${mark.rank}`)];
  show(chosen,
    el('div', { class: 'row between' }, el('strong', {}, point.text), el('button', { type: 'button', class: 'icon', 'aria-label': 'Close', onclick: close }, '✕')),
    el('p', { class: 'muted' }, facts.filter(Boolean).join(' · ')),
    el('div', { class: 'row' },
      mark?.kind !== 'history' && el('button', { type: 'button', class: 'primary', onclick: add }, 'Add to history'),
      el('button', { type: 'button', onclick: () => state.set({ tab: 'try' }) }, 'See the list')));
}

/** The same for those who do not see the map: what is near an item, nearest first. */
function showTable(index) {
  const { x, y, text } = points[index];
  const near = view.grid.nearest(x, y, neighbors + 1).filter((other) => other !== index).slice(0, neighbors);
  show(table, el('table', {},
    el('caption', {}, `Nearest to ${text}`),
    el('thead', {}, el('tr', {}, ['Title', 'Group', 'Users', 'Distance'].map((name) => el('th', { scope: 'col' }, name)))),
    el('tbody', {}, near.map((other) => el('tr', {},
      el('td', {}, el('button', { type: 'button', class: 'quiet', onclick: () => visit(other) }, points[other].text)),
      el('td', {}, points[other].group ?? ''), el('td', {}, count(points[other].users)), el('td', {}, Math.hypot(points[other].x - x, points[other].y - y).toFixed(3)))))));
}
