// Mouse, fingers and keys on the map, as moves of the camera.

const keyPan = 60; // pixels
const keyZoom = 1.4;
const slack = 4; // pixels that a tap may wander

/**
 * @param {HTMLCanvasElement} canvas
 * @param {object} to
 * @param {(right: number, down: number) => void} to.pan
 * @param {(factor: number, left?: number, top?: number) => void} to.zoom
 * @param {(left: number, top: number) => void} to.point where the pointer is
 * @param {() => void} to.leave
 * @param {(left: number, top: number) => void} to.tap
 * @param {Record<string, () => void>} to.keys what further keys do
 */
export function listen(canvas, to) {
  const held = new Map(); // pointers that are down, by id
  let wandered = 0;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    held.set(event.pointerId, at(event));
    wandered = held.size === 1 ? 0 : slack + 1; // two fingers are no tap
  });

  canvas.addEventListener('pointermove', (event) => {
    const before = held.get(event.pointerId);
    const now = at(event);
    if (before === undefined) {
      to.point(...now);
      return;
    }

    if (held.size === 1) {
      to.pan(now[0] - before[0], now[1] - before[1]);
    } else {
      const still = [...held].find(([id]) => id !== event.pointerId)[1];
      const middle = (place) => [(place[0] + still[0]) / 2, (place[1] + still[1]) / 2];
      const far = (place) => Math.max(1, Math.hypot(place[0] - still[0], place[1] - still[1]));
      const [from, into] = [middle(before), middle(now)];
      to.pan(into[0] - from[0], into[1] - from[1]);
      to.zoom(far(now) / far(before), ...into);
    }

    wandered += Math.hypot(now[0] - before[0], now[1] - before[1]);
    held.set(event.pointerId, now);
  });

  canvas.addEventListener('pointerup', (event) => {
    if (held.delete(event.pointerId) && held.size === 0 && wandered <= slack) {
      to.tap(...at(event));
    }
  });
  canvas.addEventListener('pointercancel', (event) => held.delete(event.pointerId));
  canvas.addEventListener('pointerleave', () => held.size === 0 && to.leave());

  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    to.zoom(Math.exp(-event.deltaY * lines * 0.0016), ...at(event));
  }, { passive: false });

  const keys = {
    'ArrowLeft': () => to.pan(keyPan, 0),
    'ArrowRight': () => to.pan(-keyPan, 0),
    'ArrowUp': () => to.pan(0, keyPan),
    'ArrowDown': () => to.pan(0, -keyPan),
    '+': () => to.zoom(keyZoom),
    '=': () => to.zoom(keyZoom),
    '-': () => to.zoom(1 / keyZoom),
    ...to.keys,
  };
  canvas.addEventListener('keydown', (event) => {
    if (keys[event.key] !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}
