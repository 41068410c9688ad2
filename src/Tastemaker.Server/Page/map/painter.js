// Draws the map: points, marks, and as many titles as have room.

const usual = 560; // pixels of the map's smaller side
const labelSize = 12;
const labelGap = 4;
const buttons = { left: 0, right: 56, top: 0, bottom: 130 }; // they lie above the map, and hide titles
const wide = 1100; // pixels; where there are fewer, fewer titles do not make a crowd
const fewOwned = 12; // items of a history whose titles come before others'
const mostTried = 600; // points whose title is looked at for room

/** How large a point is drawn, in pixels of a large screen from afar: its area grows with its users. */
export const sizeOf = (users, most) => 1.6 + (5 * Math.sqrt(users / Math.max(1, most)));

/** By what the sizes are multiplied: a little more as one comes nearer, and less on a small screen. */
export const growth = (camera) => Math.min(2.2, camera.zoom ** 0.25) * Math.min(1, Math.sqrt(Math.min(camera.width, camera.height) / usual));

export class Painter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.widths = new Map(); // of texts
  }

  /**
   * @param {object} scene
   * @param {import('./camera.js').Camera} scene.camera
   * @param {{x: number, y: number, size: number, text: string, color: number}[]} scene.points most popular first
   * @param {ArrayLike<number>} scene.seen indexes of those that may be on the screen
   * @param {Map<number, {kind: 'history'|'item', rank: number}>} scene.marks
   * @param {number} scene.pointed index of the point under the pointer or in focus; -1 for none
   * @param {number} scene.lit the color that stands out; null for all
   */
  draw({ camera, points, seen, marks, pointed, lit, theme }) {
    const { context, canvas } = this;
    const ratio = canvas.width / camera.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    this.dots(camera, points, seen, lit, theme);
    context.globalAlpha = 1;
    const grown = growth(camera);
    const place = (index) => [...camera.toScreen(points[index].x, points[index].y), points[index].size * grown];
    for (const [index, mark] of marks) {
      if (mark.kind === 'history') {
        this.ring(...place(index), theme, theme.history, 'square');
      }
    }

    for (const [index, mark] of marks) {
      if (mark.kind === 'item') {
        this.ring(...place(index), theme, theme.accent, 'circle');
      }
    }

    if (pointed >= 0) {
      const [left, top, radius] = place(pointed);
      this.ring(left, top, radius + 1, theme, theme.ink, 'circle');
    }

    this.label(points, seen, marks, pointed, lit, theme, place, camera);
  }

  // One path a color: much faster than a circle at a time, or than copies of drawn ones.
  dots(camera, points, seen, lit, theme) {
    const { scale, x, y, width, height } = camera;
    const grown = growth(camera);
    const paths = Array.from({ length: theme.groups.length + 1 }, () => new Path2D());
    for (let at = 0; at < seen.length; at++) {
      const point = points[seen[at]];
      const left = ((point.x - x) * scale) + (width / 2);
      const top = ((point.y - y) * scale) + (height / 2);
      const radius = point.size * grown;
      paths[point.color + 1].moveTo(left + radius, top);
      paths[point.color + 1].arc(left, top, radius, 0, 2 * Math.PI);
    }

    // Groups come largest first: the small ones lie above them.
    paths.forEach((path, place) => {
      this.context.globalAlpha = lit === null ? 0.8 : lit === place - 1 ? 0.95 : 0.1;
      this.context.fillStyle = place === 0 ? theme.rest : theme.groups[place - 1];
      this.context.fill(path);
    });
  }

  // History is square and what is recommended round, for those who see no colors.
  ring(left, top, radius, theme, color, shape) {
    const { context } = this;
    const square = shape === 'square';
    const size = square ? Math.max(3, radius) + 1 : Math.max(4, radius) + 2.5;
    const path = () => {
      context.beginPath();
      if (square) {
        context.rect(left - size, top - size, 2 * size, 2 * size);
      } else {
        context.arc(left, top, size, 0, 2 * Math.PI);
      }
    };
    for (const [width, style] of (square ? [[3, theme.surface], [1.5, color]] : [[5, theme.surface], [2.5, color]])) {
      path();
      [context.lineWidth, context.strokeStyle] = [width, style];
      context.stroke();
    }
  }

  label(points, seen, marks, pointed, lit, theme, place, camera) {
    const { context } = this;
    const taken = [buttons];
    const most = Math.min(90, 16 * Math.sqrt(camera.zoom)) * Math.min(1, camera.width / wide);
    [context.textBaseline, context.lineJoin] = ['middle', 'round'];
    const ranked = [...marks].filter(([, mark]) => mark.kind === 'item').map(([index]) => index);
    const owned = [...marks].filter(([, mark]) => mark.kind === 'history').map(([index]) => index);
    const plain = seen.filter((index) => lit === null || points[index].color === lit).slice(0, mostTried);
    // A long history would fill the map with its titles.
    const tries = [...(pointed >= 0 ? [pointed] : []), ...ranked, ...(owned.length <= fewOwned ? owned : []), ...plain];
    const done = new Set();
    for (const index of tries) {
      if (done.has(index) || (taken.length > most + ranked.length && index !== pointed)) {
        continue;
      }

      done.add(index);
      const mark = marks.get(index);
      const strong = index === pointed || mark?.kind === 'item';
      const text = mark?.kind === 'item' ? `${mark.rank}  ${points[index].text}` : points[index].text;
      context.font = `${strong ? '600 ' : ''}${labelSize}px ${theme.font}`;
      const [left, top, radius] = place(index);
      const places = this.places(text, strong, left, top, radius + (mark === undefined ? 0 : 4), camera);
      const box = places.find((one) => !taken.some((other) => overlap(one, other))) ?? (index === pointed ? places[0] : undefined);
      if (box === undefined) {
        continue;
      }

      taken.push(box);
      [context.strokeStyle, context.lineWidth] = [theme.surface, 4];
      context.strokeText(text, box.left, box.middle);
      context.fillStyle = mark === undefined || index === pointed ? theme.ink : mark.kind === 'item' ? theme.accent : theme.history;
      context.fillText(text, box.left, box.middle);
    }
  }

  // Beside the point, or above or below it; none where the point is not on the screen or the text has no room on it.
  places(text, strong, left, top, radius, camera) {
    const key = `${strong}${text}`;
    const width = this.widths.get(key) ?? this.context.measureText(text).width;
    this.widths.set(key, width);
    const beside = radius + labelGap;
    const above = radius + (labelSize / 2) + 2;
    const box = (start, middle) => ({ left: start, right: start + width, middle, top: middle - (labelSize / 2) - 2, bottom: middle + (labelSize / 2) + 2 });
    const seen = left >= 0 && left <= camera.width && top >= 0 && top <= camera.height;
    return (seen ? [box(left + beside, top), box(left - beside - width, top), box(left - (width / 2), top - above), box(left - (width / 2), top + above)] : [])
      .filter((one) => one.left >= 0 && one.right <= camera.width && one.top >= 0 && one.bottom <= camera.height);
  }
}

const overlap = (one, other) => one.left < other.right + 6 && other.left < one.right + 6 && one.top < other.bottom && other.top < one.bottom;
