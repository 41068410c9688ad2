// Where on the plane one looks, and how closely. The plane reaches from -1 to 1; sizes are in CSS pixels.

const margin = 0.94; // of the smaller side, so that points at the edge are whole
const mostZoom = 400;

export class Camera {
  x = 0;
  y = 0;
  zoom = 1;
  width = 1;
  height = 1;

  resize(width, height) {
    [this.width, this.height] = [Math.max(1, width), Math.max(1, height)];
  }

  /** Pixels in a unit of the plane. */
  get scale() {
    return (Math.min(this.width, this.height) / 2) * margin * this.zoom;
  }

  toScreen(x, y) {
    return [((x - this.x) * this.scale) + (this.width / 2), ((y - this.y) * this.scale) + (this.height / 2)];
  }

  toPlane(left, top) {
    return [((left - (this.width / 2)) / this.scale) + this.x, ((top - (this.height / 2)) / this.scale) + this.y];
  }

  /** Zooms about a place on the screen, which stays where it is. */
  zoomAt(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.toPlane(left, top);
    this.zoom = Math.min(mostZoom, Math.max(1, this.zoom * factor));
    const [nowX, nowY] = this.toPlane(left, top);
    this.lookAt(this.x + x - nowX, this.y + y - nowY);
  }

  /** Moves what is seen by pixels. */
  pan(right, down) {
    this.lookAt(this.x - (right / this.scale), this.y - (down / this.scale));
  }

  /** Looks at a place; never past the edge of the plane. */
  lookAt(x, y, zoom = this.zoom) {
    this.zoom = zoom;
    [this.x, this.y] = [Math.min(1, Math.max(-1, x)), Math.min(1, Math.max(-1, y))];
    if (this.zoom === 1) {
      [this.x, this.y] = [0, 0]; // all is seen: there is nowhere to go
    }
  }

  /** The part of the plane that is seen. */
  bounds() {
    return [...this.toPlane(0, 0), ...this.toPlane(this.width, this.height)];
  }
}
