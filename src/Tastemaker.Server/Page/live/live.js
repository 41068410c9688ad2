// Live: what the server does now, read every two seconds while someone looks.

import * as api from '../api.js';
import { announce, byId, el, show } from '../dom.js';
import { problemBox } from '../problems.js';
import * as state from '../state.js';
import { count, duration, percent, plural, short } from '../words.js';
import { lineChart, shareBar, twoDistributions } from './chart.js';
import { scoreDrift } from './drift.js';
import { by } from './exposition.js';
import { answers, change, reading, strategiesBetween } from './readings.js';

const pause = 2000; // ms
const kept = 150; // readings: five minutes
const recent = 30; // readings that "now" is made of: a minute
const leastShown = 30; // readings: a minute
const modelsEvery = 5; // readings

const status = el('p', { class: 'muted' }); // not read aloud: it changes every two seconds
const failed = el('div');
const served = el('div', { class: 'card' });
const charts = {
  requests: lineChart('Requests a second', [{ name: 'requests', className: 'first' }], short),
  latency: lineChart('Latency', [{ name: 'p50', className: 'first' }, { name: 'p99', className: 'second' }], duration),
  batch: lineChart('Batch size', [{ name: 'mean', className: 'first' }], short),
  strategies: shareBar('Answer source', 'share'),
  events: lineChart('Events a second', [{ name: 'events', className: 'first' }], short),
  scores: twoDistributions('Score drift', ['before', 'since the page was opened'], short),
};
const classes = { Model: 'model', FoldIn: 'fold-in', Content: 'content', Popularity: 'popularity' };
const names = { FoldIn: 'Fold-in' };

/** @type {import('./readings.js').Reading[]} */
const readings = [];
let first = null; // the first reading: what scores are compared with
let timer = 0;
let ticks = 0;
let shownModels = ''; // as text: the table is made anew only when it changes, since it may have the focus
let serving = ''; // the name of the model that serves
let tellServing = () => {};

export function build(showServing) {
  tellServing = showServing;
  byId('panel-live').append(status, failed, el('div', { class: 'graphs' }, Object.values(charts).map(({ element }) => element)), served);
  document.addEventListener('visibilitychange', look);
  state.onChange((_, changed) => changed.has('tab') && look());
  look();
}

const watched = () => state.get().tab === 'live' && document.visibilityState === 'visible';

function look() {
  clearTimeout(timer);
  timer = 0;
  if (watched()) {
    ticks = 0;
    tick();
  } else {
    status.textContent = 'Paused';
  }
}

async function tick() {
  try {
    const text = await api.metrics();
    readings.push(reading(text, performance.now() / 1000));
    readings.splice(0, Math.max(0, readings.length - kept - 1));
    first ??= readings[0];
    show(failed);
    draw();
    if (ticks++ % modelsEvery === 0) {
      await showModels(); // someone else may have loaded another
      drawGauges(readings[readings.length - 1]);
    }
  } catch (error) {
    if (failed.childElementCount === 0) {
      show(failed, problemBox(error)); // once: it is read aloud
    }
  }

  // A tick may end after the reader left, or beside another that began when they came back.
  clearTimeout(timer);
  if (watched()) {
    timer = setTimeout(tick, pause);
  }
}

function draw() {
  const now = readings[readings.length - 1];
  status.textContent = `Read every ${pause / 1000} s. ${plural(answers(now), 'answer')} since the server started.`;
  status.dataset.answers = String(answers(now));
  const changes = readings.slice(1).map((later, place) => change(later, readings[place]));
  const last = changes.length > 0 ? changes[changes.length - 1] : null;
  const row = (name) => changes.map((one) => one?.[name] ?? null);
  const latest = (name) => row(name).findLast((one) => one !== null) ?? null;
  const say = (value, format) => (value === null ? '–' : format(value));
  const room = Math.max(leastShown, changes.length);
  const span = `${plural(Math.round(room * pause / 60000), 'minute')} ago`;
  charts.requests.update([row('requests')], say(last?.requests ?? null, short), room, span);
  charts.latency.update([row('p50'), row('p99')], `p50 ${say(latest('p50'), duration)} · p99 ${say(latest('p99'), duration)}`, room, span);
  charts.batch.update([row('batch')], say(latest('batch'), short), room, span);
  charts.events.update([row('events')], say(last?.events ?? null, short), room, span);
  drawStrategies(now);
  drawScores(now);
  drawGauges(now);
}

function drawStrategies(now) {
  const since = strategiesBetween(now, readings[Math.max(0, readings.length - 1 - recent)]);
  const sum = Object.values(since).reduce((all, one) => all + one, 0);
  const parts = Object.entries(since).map(([name, value]) => ({
    name: names[name] ?? name, className: classes[name] ?? 'model', share: value / Math.max(1, sum), text: `${percent(value / Math.max(1, sum))} · ${count(value)}`,
  }));
  charts.strategies.update(parts, sum === 0 ? 'No answers in the last minute' : `${plural(sum, 'answer')} in the last minute`);
}

function drawScores(now) {
  const { before, now: since, bounds, said, more } = scoreDrift(now, first, serving);
  charts.scores.update(before, since, bounds, said, more);
}

// What the server itself watches of each model; absent until there is enough of it.
function drawGauges({ metrics }) {
  for (const cell of served.querySelectorAll('[data-gauge]')) {
    const value = by(metrics, cell.dataset.gauge, 'model')[cell.dataset.model];
    cell.textContent = value === undefined ? '–' : cell.dataset.gauge.endsWith('coverage') ? percent(value) : value.toFixed(2);
  }
}

async function showModels() {
  try {
    const { models } = await api.models();
    serving = models[0].name;
    if (JSON.stringify(models) === shownModels) {
      return;
    }

    shownModels = JSON.stringify(models);
    tellServing(models);
    show(served, el('h2', {}, 'Models'), el('div', { class: 'scroll-x' }, el('table', {},
      el('thead', {}, el('tr', {}, ['Name', 'System', 'Version', 'Loaded', 'Users', 'Items', 'Catalog coverage', 'Drift', 'Reload'].map((name) => el('th', { scope: 'col' }, name)))),
      el('tbody', {}, models.map(modelRow)))));
  } catch (error) {
    shownModels = '';
    show(served, problemBox(error));
  }
}

function modelRow({ name, system, version, loadedAt, users, items }, place) {
  const said = el('div');
  const button = el('button', { type: 'button', 'aria-label': `Reload ${name}`, title: 'Load the model anew from its folder, without a pause', onclick: () => reload(name, button, said) }, 'Reload');
  return el('tr', {},
    el('th', { scope: 'row' }, name, place === 0 && el('span', { class: 'badge' }, 'serves')),
    el('td', {}, system), el('td', {}, el('code', {}, version)), el('td', {}, el('time', { datetime: loadedAt }, new Date(loadedAt).toLocaleString())),
    el('td', {}, count(users)), el('td', {}, count(items)),
    el('td', { 'data-gauge': 'tastemaker_catalog_coverage', 'data-model': name, title: 'Share of the catalog that was in any list within the last one to two hours' }, '–'),
    el('td', { 'data-gauge': 'tastemaker_score_drift', 'data-model': name, title: 'Stability index of the best scores of the last thousand lists beside those of the first thousand' }, '–'),
    el('td', {}, button, said));
}

async function reload(name, button, said) {
  button.disabled = true;
  try {
    const { version } = await api.reload(name);
    announce(`Version ${version} of ${name} answers now`);
    await showModels();
    [...served.querySelectorAll('button')].find((other) => other.getAttribute('aria-label') === `Reload ${name}`)?.focus(); // the table is new
  } catch (error) {
    show(said, problemBox(error));
    button.disabled = false;
  }
}
