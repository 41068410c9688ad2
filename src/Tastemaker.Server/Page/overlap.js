// How far two rankings agree.

/** For each item of one list, its place in the other; undefined where it is not there. @param {string[]} one @param {string[]} other */
export function partners(one, other) {
  const places = new Map(other.map((id, place) => [id, place]));
  return one.map((id) => places.get(id));
}

/**
 * How many items the first k of both lists share, at each depth that both reach and at the end.
 * @param {string[]} one
 * @param {string[]} other
 * @param {number[]} depths
 */
export function agreement(one, other, depths) {
  const whole = Math.max(one.length, other.length);
  return [...depths.filter((depth) => depth < whole), ...(whole > 0 ? [whole] : [])].map((depth) => {
    const first = new Set(one.slice(0, depth));
    return { depth, both: other.slice(0, depth).filter((id) => first.has(id)).length };
  });
}
