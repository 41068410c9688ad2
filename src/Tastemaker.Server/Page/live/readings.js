// Readings of the server's metrics, and what changed between them.

import { by, parse, total } from './exposition.js';
import { between, histogramOf, quantile, size } from './histogram.js';

const longestGap = 10; // seconds; after a longer one a line breaks

/**
 * @typedef {object} Reading
 * @property {number} at seconds
 * @property {Map<string, import('./exposition.js').Sample[]>} metrics
 */

/** @returns {Reading} */
export const reading = (text, at) => ({ at, metrics: parse(text) });

export const answers = ({ metrics }) => total(metrics, 'tastemaker_answers_total');

/** What happened between two readings; null where too long passed, or the server began anew. @param {Reading} later @param {Reading} earlier */
export function change(later, earlier) {
  const seconds = later.at - earlier.at;
  const grown = (name) => total(later.metrics, name) - total(earlier.metrics, name);
  if (seconds <= 0 || seconds > longestGap || grown('tastemaker_answers_total') < 0) {
    return null;
  }

  const latency = difference(later, earlier, 'tastemaker_recommend_duration_seconds');
  const batches = grown('tastemaker_batch_size_count');
  return {
    requests: size(latency) / seconds,
    p50: quantile(latency, 0.5),
    p99: quantile(latency, 0.99),
    batch: batches > 0 ? grown('tastemaker_batch_size_sum') / batches : null,
    events: grown('tastemaker_interactions_appended_total') / seconds,
  };
}

/** Answers by strategy between two readings. @returns {Record<string, number>} */
export function strategiesBetween(later, earlier) {
  const before = by(earlier.metrics, 'tastemaker_answers_total', 'strategy');
  return Object.fromEntries(Object.entries(by(later.metrics, 'tastemaker_answers_total', 'strategy')).map(([name, value]) => [name, Math.max(0, value - (before[name] ?? 0))]));
}

/** @returns {import('./histogram.js').Histogram} */
export function difference(later, earlier, name, wanted) {
  return between(histogramOf(later.metrics, name, wanted), histogramOf(earlier.metrics, name, wanted));
}
