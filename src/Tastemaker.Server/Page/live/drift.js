// Whether the best scores of one model are distributed as they were.

import { drift, histogramOf, size } from './histogram.js';
import { difference } from './readings.js';

const enough = 20; // observations of each
const name = 'tastemaker_score_top';

/**
 * @param {import('./readings.js').Reading} now
 * @param {import('./readings.js').Reading} before the end of what is compared with
 * @param {string} model
 */
export function scoreDrift(now, before, model) {
  // Popularity counts users: its scores have nothing to do with the model's.
  const wanted = (labels) => labels.model === model && labels.strategy !== 'Popularity';
  const earlier = histogramOf(before.metrics, name, wanted);
  const recent = difference(now, before, name, wanted);
  const known = earlier.bounds.length > 0 ? earlier : { bounds: recent.bounds, counts: recent.counts.map(() => 0) };
  const used = recent.bounds.map((_, place) => place).filter((place) => (known.counts[place] ?? 0) + recent.counts[place] > 0);
  const [first, last] = [Math.min(...used), Math.max(...used)];
  const range = used.length === 0 ? [] : Array.from({ length: last - first + 1 }, (_, step) => first + step);
  const shares = ({ counts }) => range.map((place) => counts[place] / Math.max(1, counts.reduce((sum, one) => sum + one, 0)));
  const sizes = [size(known), size(recent)];
  return {
    before: shares(known),
    now: shares(recent),
    bounds: range.map((place) => recent.bounds[place]),
    ...wordsFor(sizes, sizes.every((one) => one >= enough) ? drift(known, recent) : null),
  };
}

function wordsFor([before, now], index) {
  const counted = `${before} answers before, ${now} since.`;
  return index === null ? { said: 'Too early to say', more: `${counted} It takes ${enough} of each.` }
    : { said: index < 0.1 ? 'Steady' : index < 0.25 ? 'Moved a little' : 'Moved', more: `${counted} Stability index ${index.toFixed(2)}: steady below 0.1, moved above 0.25.` };
}
