// The map on its canvas: what is seen, pointed at and marked.

import { calm } from '../dom.js';
import { Camera } from './camera.js';
import { listen } from './gestures.js';
import { Grid } from './grid.js';
import { growth, Painter, sizeOf } from './painter.js';
import { themeOf } from './palette.js';

const reach = 10; // pixels beside a point that still hit it
const flight = 450; // ms
const near = 6; // the zoom at which one arrives

export class MapView {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{choose: (index: number) => void, moved: () => void, pointed: (index: number) => void}} to
   */
  constructor(canvas, to) {
    [this.canvas, this.to] = [canvas, to];
    this.camera = new Camera();
    this.painter = new Painter(canvas);
    this.points = [];
    this.grid = new Grid([]);
    this.marks = new Map();
    [this.pointed, this.lit, this.frame] = [-1, null, 0];
    new ResizeObserver(() => this.resize()).observe(canvas);
    document.documentElement.addEventListener('themechange', () => this.restyle());
    listen(canvas, {
      pan: (right, down) => this.move(() => this.camera.pan(right, down)),
      zoom: (factor, left, top) => this.move(() => this.camera.zoomAt(factor, left, top)),
      point: (left, top) => this.point(this.hit(left, top)),
      leave: () => this.point(-1),
      tap: (left, top) => this.tap(this.hit(left, top)),
      keys: { 0: () => this.reset(), Enter: () => this.tap(this.pointed), ' ': () => this.tap(this.pointed) },
    });
    canvas.addEventListener('keyup', () => this.pointAtCentre());
    canvas.addEventListener('focus', () => canvas.matches(':focus-visible') && this.pointAtCentre());
  }

  /** @param {{x: number, y: number, users: number, text: string, color: number}[]} points most popular first */
  show(points) {
    const most = points.reduce((largest, { users }) => Math.max(largest, users), 1);
    this.points = points.map((point) => ({ ...point, size: sizeOf(point.users, most) }));
    this.grid = new Grid(points);
    this.pointed = -1;
    this.restyle();
    this.move(() => this.camera.lookAt(0, 0, 1));
  }

  /** @param {Map<number, {kind: 'history'|'item', rank: number}>} marks */
  mark(marks) {
    this.marks = marks;
    this.paint();
  }

  /** Lets a group of points stand out; null for all alike. */
  light(color) {
    this.lit = color;
    this.paint();
  }

  zoomBy(factor) {
    this.move(() => this.camera.zoomAt(factor));
  }

  reset() {
    this.flyTo(0, 0, 1);
  }

  /** Goes to a point and points at it. */
  visit(index) {
    this.point(index);
    this.flyTo(this.points[index].x, this.points[index].y, Math.max(near, this.camera.zoom));
  }

  flyTo(x, y, zoom) {
    const { camera } = this;
    const from = [camera.x, camera.y, Math.log(camera.zoom)];
    const start = performance.now();
    const flying = this.flying = {};
    const step = (now) => {
      if (this.flying !== flying) {
        return; // someone took hold of the map
      }

      const done = calm() ? 1 : Math.min(1, Math.max(0, now - start) / flight);
      const share = done < 1 ? done * done * (3 - (2 * done)) : 1;
      camera.lookAt(from[0] + ((x - from[0]) * share), from[1] + ((y - from[1]) * share), done < 1 ? Math.exp(from[2] + ((Math.log(zoom) - from[2]) * share)) : zoom);
      this.changed();
      if (done < 1) {
        requestAnimationFrame(step);
      }
    };
    requestAnimationFrame(step);
  }

  move(change) {
    this.flying = null;
    change();
    this.changed();
  }

  changed() {
    this.to.moved();
    this.paint();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (clientWidth === 0) {
      return; // not shown
    }

    const ratio = devicePixelRatio || 1;
    [this.canvas.width, this.canvas.height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    this.camera.resize(clientWidth, clientHeight);
    this.paint();
  }

  restyle() {
    this.theme = themeOf(this.canvas.parentElement);
    this.paint();
  }

  /** The point at a place of the screen; -1 where none is near. Of several the one whose rim is nearest, and the marked ones first. */
  hit(left, top) {
    const { camera, points } = this;
    const around = (reach + 14) / camera.scale;
    const [x, y] = camera.toPlane(left, top);
    const grown = growth(camera);
    let [best, least] = [-1, reach];
    for (const index of this.grid.near(x - around, y - around, x + around, y + around)) {
      const [pointLeft, pointTop] = camera.toScreen(points[index].x, points[index].y);
      const distance = Math.hypot(pointLeft - left, pointTop - top);
      const rim = Math.max(0, distance - (points[index].size * grown)) + (distance * 0.01) - (this.marks.has(index) ? 2 : 0);
      if (rim < least) {
        [best, least] = [index, rim];
      }
    }

    return best;
  }

  point(index) {
    if (index !== this.pointed) {
      this.pointed = index;
      this.canvas.classList.toggle('pointing', index >= 0);
      this.to.pointed(index);
      this.paint();
    }
  }

  // Those who use keys point with the middle of the map.
  pointAtCentre() {
    if (this.points.length > 0) {
      this.point(this.grid.nearest(this.camera.x, this.camera.y, 1)[0] ?? -1);
    }
  }

  tap(index) {
    this.point(index);
    this.to.choose(index);
  }

  paint() {
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        if (this.theme !== undefined && this.canvas.clientWidth > 0) {
          this.painter.draw({ ...this, seen: this.grid.near(...this.camera.bounds()) });
        }
      });
    }
  }
}
