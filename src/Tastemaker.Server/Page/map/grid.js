// Finds points by place: the plane in cells, so that 20,000 points cost as much to search as a few.

const cells = 96; // along each side

export class Grid {
  /** @param {{x: number, y: number}[]} points from -1 to 1 */
  constructor(points) {
    this.points = points;
    this.all = Uint32Array.from(points.keys());
    this.rows = Array.from({ length: cells * cells }, () => []);
    points.forEach(({ x, y }, index) => this.rows[(cell(y) * cells) + cell(x)].push(index));
  }

  /** Indexes of the points in the cells that a rectangle touches, in order: more than are inside it. @returns {Uint32Array} */
  near(left, top, right, bottom) {
    if (left <= -1 && top <= -1 && right >= 1 && bottom >= 1) {
      return this.all;
    }

    const found = [];
    for (let row = cell(top); row <= cell(bottom); row++) {
      for (let column = cell(left); column <= cell(right); column++) {
        found.push(...this.rows[(row * cells) + column]);
      }
    }

    return Uint32Array.from(found).sort();
  }

  /** The nearest points to a place, nearest first. */
  nearest(x, y, count) {
    const distance = (index) => Math.hypot(this.points[index].x - x, this.points[index].y - y);
    for (let reach = 2 / cells; ; reach *= 2) {
      // The cells hold more than the circle; only what is inside it is surely nearer than all outside.
      const inside = Array.from(this.near(x - reach, y - reach, x + reach, y + reach)).filter((index) => distance(index) <= reach);
      if (inside.length >= count || reach > 4) {
        return inside.sort((a, b) => distance(a) - distance(b)).slice(0, count);
      }
    }
  }
}

const cell = (at) => Math.min(cells - 1, Math.max(0, Math.floor(((at + 1) / 2) * cells)));
