// Failures, shown where they happened and in the server's words.

import { announce, el } from './dom.js';

/** A box that says what went wrong. @param {Error & {errors?: string[]}} error */
export function problemBox(error) {
  announce(error.message);
  return el('div', { class: 'problem' },
    el('p', {}, error.message),
    error.errors?.length > 0 ? el('ul', {}, error.errors.map((one) => el('li', {}, one))) : null);
}
