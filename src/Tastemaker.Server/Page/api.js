// The server's API: one way to call it, one way to fail.

import { askForKey } from './key-dialog.js';

const keyName = 'tastemaker-key';

/** Why a call was not answered, in the server's words. */
export class Problem extends Error {
  /**
   * @param {number} status 0 where no server answered
   * @param {string} detail
   * @param {string[]} [errors] all problems where there are several
   */
  constructor(status, detail, errors = []) {
    super(detail);
    this.status = status;
    this.errors = errors.filter((error) => error !== detail);
  }
}

/**
 * Calls the API and gives the JSON of its answer; asks for a key where the server wants one.
 * @param {string} path relative to the page, such as "v1/models"
 * @param {{method?: string, body?: any, headers?: Record<string, string>, signal?: AbortSignal, text?: boolean}} [options]
 */
export async function call(path, options = {}) {
  for (;;) {
    const key = sessionStorage.getItem(keyName);
    const response = await send(path, options, key);
    if (response.ok) {
      return options.text ? response.text() : response.json();
    }

    const problem = await problemOf(response);
    if (problem.status !== 401) {
      throw problem;
    }

    // Calls that failed together wait for the same answer; one that failed before the key came tries it first.
    if (sessionStorage.getItem(keyName) === key) {
      const given = await askForKey(problem.message);
      if (given === null) {
        throw problem;
      }

      sessionStorage.setItem(keyName, given);
    }
  }
}

async function send(path, { method = 'GET', body, headers = {}, signal }, key) {
  try {
    return await fetch(new URL(path, document.baseURI), {
      method,
      signal,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(key === null ? {} : { 'X-Api-Key': key }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }

    throw new Problem(0, 'The server does not answer. Is it still running?');
  }
}

async function problemOf(response) {
  try {
    const body = await response.json();
    return new Problem(response.status, body.detail ?? body.title, body.errors);
  } catch {
    return new Problem(response.status, `The server answered ${response.status} ${response.statusText}.`);
  }
}

/** Runs only the newest of several calls: those before it are given up and give `undefined`. Its `stop` gives up the newest too. */
export function newest() {
  let running = null;
  /** @param {(signal: AbortSignal) => Promise<any>} work */
  async function run(work) {
    running?.abort();
    const mine = running = new AbortController();
    try {
      const answer = await work(mine.signal);
      return mine.signal.aborted ? undefined : answer; // given up after the last byte came
    } catch (error) {
      if (error.name !== 'AbortError') {
        throw error;
      }
    }
  }

  return Object.assign(run, { stop: () => running?.abort() });
}

const part = encodeURIComponent;

export const models = () => call('v1/models');
export const features = () => call('v1/features?count=60');
export const users = (search, signal) => call(`v1/users?count=12&search=${part(search)}`, { signal });
export const items = (search, signal) => call(`v1/items?count=12&search=${part(search)}`, { signal });
export const item = (id, signal) => call(`v1/items/${part(id)}`, { signal });
export const history = (user, signal) => call(`v1/users/${part(user)}/history`, { signal });
export const recommend = (query, signal) => call('v1/recommendations', { method: 'POST', body: query, signal });
export const similar = (id, model) => call(`v1/items/${part(id)}/similar?count=8${model ? `&model=${part(model)}` : ''}`);
export const map = (model, signal) => call(`v1/map${model ? `?model=${part(model)}` : ''}`, { signal });
export const metrics = () => call('metrics', { text: true });
export const reload = (model) => call(`v1/model/reload?model=${part(model)}`, { method: 'POST' });

/** Reports an interaction of a user with an item; repeated after a lost answer it counts once. */
export const report = (user, id) => call('v1/interactions', { method: 'POST', body: { user, item: id }, headers: { 'Idempotency-Key': idempotencyKey() } });

// crypto.randomUUID is there on secure origins alone; the page may be served by plain HTTP.
const idempotencyKey = () => `page-${[...crypto.getRandomValues(new Uint32Array(4))].map((part32) => part32.toString(16)).join('')}`;
