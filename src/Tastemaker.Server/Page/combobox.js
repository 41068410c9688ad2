// A text field with a list of what it may mean, after the ARIA pattern of a combobox with a list box.

import { el, freshId, show } from './dom.js';
import { newest } from './api.js';
import { plural } from './words.js';

const pause = 120; // ms without a key before the server is asked

/**
 * @typedef {{value: string, label: string, hint?: string}} Option
 * @param {object} settings
 * @param {string} settings.label
 * @param {string} settings.noun what is found, for those who listen: "user"
 * @param {string} [settings.placeholder]
 * @param {(text: string, signal: AbortSignal) => Promise<Option[]>} settings.search
 * @param {(option: Option) => void} settings.choose
 * @param {(error: Error) => void} settings.fail
 * @param {boolean} [settings.keeps] whether the field keeps what was chosen
 */
export function combobox({ label, noun, placeholder, search, choose, fail, keeps = false }) {
  const id = freshId('field');
  const list = el('ul', { role: 'listbox', id: `${id}-list`, 'aria-label': `${label}: choices`, class: 'choices', hidden: true });
  const status = el('span', { class: 'unseen', role: 'status' });
  const input = el('input', {
    id, type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false', placeholder,
    'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id,
  });
  const run = newest();
  /** @type {Option[]} */
  let options = [];
  let active = -1;
  let timer = 0;
  let shownFor = null; // the text that the options belong to
  let takeFirst = false; // Enter came before the options did

  const opened = () => !list.hidden;

  /** Closes the list for good: what still runs would open it again. */
  function close() {
    clearTimeout(timer);
    run.stop();
    takeFirst = false;
    hide();
  }

  function hide() {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  }

  function mark(place) {
    active = place;
    [...list.children].forEach((row, at) => row.setAttribute('aria-selected', String(at === place)));
    const row = list.children[place];
    if (row === undefined) {
      input.removeAttribute('aria-activedescendant');
    } else {
      input.setAttribute('aria-activedescendant', row.id);
      row.scrollIntoView({ block: 'nearest' });
    }
  }

  function take(option) {
    close();
    input.value = keeps ? option.label : '';
    shownFor = null;
    choose(option);
  }

  /** Shows options; one that was marked before stays marked where it is still among them. */
  function open(found) {
    const marked = options[active]?.value;
    options = found;
    show(list, options.map((option, place) => el('li', {
      role: 'option', id: `${id}-${place}`, 'aria-selected': 'false',
      onpointerdown: (event) => event.preventDefault(), // the field keeps the focus
      onclick: () => take(option),
    }, option.label, option.hint ? el('span', { class: 'muted' }, option.hint) : null)));
    list.hidden = options.length === 0;
    input.setAttribute('aria-expanded', String(opened()));
    mark(opened() ? options.findIndex(({ value }) => value === marked) : -1);
    status.textContent = options.length === 0 ? `No ${noun} found` : `${plural(options.length, noun)} to choose from`;
  }

  async function look() {
    const text = input.value.trim();
    try {
      const found = await run((signal) => search(text, signal));
      if (found === undefined) {
        return; // a newer search runs, or none is wanted any more
      }

      shownFor = text;
      if (takeFirst && found.length > 0) {
        take(found[0]);
      } else if (document.activeElement === input) {
        open(found);
      }
    } catch (error) {
      close();
      fail(error);
    }

    takeFirst = false;
  }

  function enter() {
    if (opened() && (active >= 0 || shownFor === input.value.trim())) {
      take(options[Math.max(active, 0)]);
    } else if (input.value.trim() !== '') {
      takeFirst = true;
      clearTimeout(timer);
      look();
    }
  }

  const keys = {
    ArrowDown: () => (opened() ? mark((active + 1) % options.length) : look()),
    ArrowUp: () => (opened() ? mark((active <= 0 ? options.length : active) - 1) : look()),
    Enter: enter,
    Escape: () => {
      if (!opened()) {
        input.value = '';
      }

      close();
    },
  };

  input.addEventListener('keydown', (event) => {
    if (keys[event.key] !== undefined && !event.isComposing) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  input.addEventListener('input', () => {
    takeFirst = false;
    mark(-1); // what is typed counts from now on
    clearTimeout(timer);
    timer = setTimeout(look, pause);
  });
  input.addEventListener('focus', () => input.select());
  input.addEventListener('click', () => opened() || look());
  input.addEventListener('blur', () => (takeFirst ? hide() : close())); // an answer that Enter waits for is still wanted

  return {
    element: el('div', { class: 'combobox' }, el('label', { for: id }, label), input, list, status),
    input,
    /** Shows what was chosen elsewhere. */
    put(text) {
      if (document.activeElement !== input) {
        input.value = text;
      }
    },
  };
}
