// Small charts in SVG, with axes.

import { el, show, svg } from '../dom.js';

const [width, height] = [340, 150];
const [left, right, top, bottom] = [46, 8, 8, 20]; // margins
const [innerWidth, innerHeight] = [width - left - right, height - top - bottom];

const frame = () => svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', class: 'chart' });

/** A round number at or above a value: 1, 2 or 5 times a power of ten. */
export function ceiling(value) {
  if (!(value > 0)) {
    return 1;
  }

  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999999);
}

function axes(most, format, from, to) {
  const line = (share) => top + (innerHeight * (1 - share));
  return [
    [0, 0.5, 1].map((share) => [
      svg('line', { x1: left, x2: width - right, y1: line(share), y2: line(share), class: share === 0 ? 'axis' : 'gridline' }),
      svg('text', { x: left - 6, y: line(share) + 4, 'text-anchor': 'end' }, format(most * share)),
    ]),
    svg('text', { x: left, y: height - 5 }, from),
    svg('text', { x: width - right, y: height - 5, 'text-anchor': 'end' }, to),
  ];
}

/**
 * Lines over time.
 * @param {{name: string, className: string}[]} series
 * @param {(value: number) => string} format
 */
export function lineChart(title, series, format) {
  const drawing = frame();
  const value = el('p', { class: 'big' });
  const element = el('section', { class: 'card graph', 'aria-label': title }, el('h2', {}, title), value, drawing,
    series.length > 1 && el('p', { class: 'keys' }, series.map(({ name, className }) => el('span', { class: `key ${className}` }, name))));
  return {
    element,
    /**
     * @param {(number|null)[][]} rows the values of each series at each time; null breaks the line
     * @param {string} now what is said of the newest
     * @param {number} room how many times have room
     */
    update(rows, now, room, span) {
      const most = ceiling(Math.max(0, ...rows.flat().filter((one) => one !== null)));
      value.textContent = now;
      drawing.setAttribute('aria-label', `${title}: ${now}`);
      show(drawing, axes(most, format, span, 'now'), rows.map((row, place) => path(row, most, room, series[place].className)));
    },
  };
}

function path(row, most, room, className) {
  let pen = 'M';
  let text = '';
  row.forEach((one, place) => {
    if (one === null) {
      pen = 'M';
      return;
    }

    const x = left + (innerWidth * (room - row.length + place) / Math.max(1, room - 1));
    text += `${pen}${x.toFixed(1)} ${(top + (innerHeight * (1 - (one / most)))).toFixed(1)}`;
    // A value between two gaps is a dot.
    text += pen === 'M' ? 'h0' : '';
    pen = 'L';
  });
  return svg('path', { d: text || 'M0 0', class: `line ${className}` });
}

/** Shares of a whole, as one bar and a list. */
export function shareBar(title, className) {
  const bar = el('div', { class: 'shares', 'aria-hidden': 'true' });
  const list = el('ul', { class: 'sharelist' });
  const value = el('p', { class: 'big' });
  return {
    element: el('section', { class: 'card graph', 'aria-label': title }, el('h2', {}, title), value, bar, list),
    /** @param {{name: string, className: string, share: number, text: string}[]} parts */
    update(parts, now) {
      value.textContent = now;
      show(bar, parts.map((part) => el('span', { class: `${className} ${part.className}`, vars: { '--share': part.share } })));
      show(list, parts.map((part) => el('li', {}, el('span', { class: `key ${part.className}` }, part.name), el('span', {}, part.text))));
    },
  };
}

/** Two distributions over the same buckets: one as bars, the other as an outline. */
export function twoDistributions(title, names, format) {
  const drawing = frame();
  const value = el('p', { class: 'big' });
  const note = el('p', { class: 'muted' });
  return {
    element: el('section', { class: 'card graph', 'aria-label': title }, el('h2', {}, title), value, drawing,
      el('p', { class: 'keys' }, el('span', { class: 'key outline' }, names[0]), el('span', { class: 'key first' }, names[1])), note),
    /**
     * @param {number[]} before shares of the buckets
     * @param {number[]} now
     * @param {number[]} bounds upper ones
     */
    update(before, now, bounds, said, more) {
      value.textContent = said;
      note.textContent = more;
      drawing.setAttribute('aria-label', `${title}: ${said}. ${more}`);
      const most = ceiling(Math.max(0, ...before, ...now));
      const step = innerWidth / Math.max(1, bounds.length);
      const y = (share) => top + (innerHeight * (1 - (share / most)));
      const outline = before.map((share, place) => `${place === 0 ? 'M' : 'L'}${left + (place * step)} ${y(share)}h${step}`).join('');
      const bound = (place) => (bounds[place] === undefined ? '' : Number.isFinite(bounds[place]) ? `up to ${format(bounds[place])}` : 'above');
      show(drawing, axes(most, (share) => `${Math.round(100 * share)} %`, bound(0), bound(bounds.length - 1)),
        now.map((share, place) => svg('rect', { x: left + (place * step) + 1, width: Math.max(1, step - 2), y: y(share), height: Math.max(0, top + innerHeight - y(share)), class: 'first' })),
        outline !== '' && svg('path', { d: outline, class: 'line outline' }));
    },
  };
}
