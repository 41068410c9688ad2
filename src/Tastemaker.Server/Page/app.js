// The page: what serves, and the four views of it.

import * as api from './api.js';
import * as query from './query.js';
import * as compare from './compare.js';
import * as controls from './controls.js';
import { byId, el, show } from './dom.js';
import * as live from './live/live.js';
import * as map from './map/map.js';
import { problemBox } from './problems.js';
import * as tabs from './tabs.js';
import * as tryit from './tryit.js';
import { count } from './words.js';

function showServing(models) {
  const [{ system, version, users, items }, ...others] = models;
  show(byId('serving'), el('strong', {}, system), ` ${version} · ${count(users)} users · ${count(items)} items`,
    others.length > 0 && ` · beside ${others.map(({ name }) => name).join(', ')}`);
}

// The fragment holds the state: it cannot take the reader down the page as well.
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  byId('main').focus();
});

async function start() {
  const { models } = await api.models();
  showServing(models);
  tabs.build();
  query.build();
  controls.build();
  tryit.build(models);
  compare.build(models);
  map.build(models);
  live.build(showServing);
}

start().catch((error) => {
  show(byId('serving'), 'The server did not answer');
  byId('main').prepend(problemBox(error), el('button', { type: 'button', onclick: () => location.reload() }, 'Try again'));
});
