// Titles by identifier, as far as answers have told them.

import * as api from './api.js';

const known = new Map();

/** Takes note of what an answer says. */
export function learn(id, title) {
  known.set(id, title ?? id);
}

/** An item's title; its identifier where none is known. */
export const titleOf = (id) => known.get(id) ?? id;

/** Asks the server for titles that no answer has told yet; items that it does not know keep their identifiers. */
export async function fetchMissing(ids) {
  await Promise.all(ids.filter((id) => !known.has(id)).map(async (id) => {
    try {
      learn(id, (await api.item(id)).title);
    } catch (error) {
      if (error.status !== 404) {
        throw error;
      }

      learn(id, id);
    }
  }));
}
