// A ranked item: its score beside the others', and what of the history or of the features speaks for it.

import { el } from './dom.js';
import { learn, titleOf } from './titles.js';
import { short } from './words.js';

/**
 * @typedef {{item?: string, title?: string, feature?: string, value?: string, weight: number}} Reason an item of the history, or a feature
 * @typedef {{item: string, title?: string, score: number, because?: Reason[]}} Ranked
 * @param {Ranked[]} items
 */
export function scale(items) {
  const scores = items.map(({ score }) => score);
  const weights = items.flatMap(({ because }) => (because ?? []).map(({ weight }) => weight));
  // From zero where all are above it: a bar twice as long is then a score twice as high.
  const least = Math.min(0, ...scores);
  const most = Math.max(...scores.map(Math.abs), 0);
  return { least, span: Math.max(...scores) - least || 1, weight: Math.max(0, ...weights) || 1, decimals: decimalsFor(most) };
}

// Three digits of the largest score, and as many decimals in all of them: digits stand under digits.
const decimalsFor = (most) => (most > 0 ? Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(most)))) : 0);

/** Takes note of the titles in an answer. */
export function learnTitles(items) {
  items.forEach(({ item, title, because }) => {
    learn(item, title);
    because?.filter((reason) => reason.item !== undefined).forEach((reason) => learn(reason.item, reason.title));
  });
}

/** The score as a bar and a number. */
export function scoreBar({ score }, { least, span, decimals }) {
  return el('span', { class: 'score', title: 'The score is comparable inside this list only' },
    el('span', { class: 'bar', vars: { '--share': (score - least) / span } }), el('span', { class: 'number' }, score.toFixed(decimals)));
}

/** The reasons, each with its weight drawn. */
export function reasons({ because }, { weight }) {
  return (because ?? []).length > 0 && el('ul', { class: 'reasons', 'aria-label': 'Because of' },
    because.map((reason) => el('li', { title: `Weight ${short(reason.weight)}: ${meaning(reason)}` },
      el('span', { class: 'bar', vars: { '--share': reason.weight / weight } }), el('span', {}, nameOf(reason)),
      el('span', { class: 'unseen' }, `, weight ${short(reason.weight)}`))));
}

function meaning({ feature }) {
  return feature === undefined
    ? 'how much the score falls beside the rest of the catalog without this item'
    : 'how much the score falls without this feature or word';
}

function nameOf({ item, feature, value }) {
  return item !== undefined ? titleOf(item) : value === undefined ? feature : `${feature}: ${value}`;
}
