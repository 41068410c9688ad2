// Asks for an API key, once for all who wait.

import { el } from './dom.js';

let asking = null;

/**
 * @param {string} why the server's words
 * @returns {Promise<string|null>} null where none is given
 */
export function askForKey(why) {
  asking ??= open(why).finally(() => { asking = null; });
  return asking;
}

function open(why) {
  return new Promise((resolve) => {
    const input = el('input', { type: 'password', id: 'api-key', autocomplete: 'off', required: true });
    const dialog = el('dialog', { 'aria-labelledby': 'key-title' },
      el('form', { method: 'dialog', onsubmit: () => { dialog.returnValue = input.value; } },
        el('h2', { id: 'key-title' }, 'This server asks for a key'),
        el('p', {}, why),
        el('label', { for: 'api-key' }, 'API key'),
        input,
        el('p', { class: 'muted' }, 'Kept until this tab is closed, and sent to this server alone.'),
        el('div', { class: 'row' },
          el('button', { type: 'submit', class: 'primary' }, 'Use it'),
          el('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'))));
    dialog.addEventListener('close', () => {
      // Escape and Cancel leave the field's text where it is; only the form hands it over.
      const given = dialog.returnValue.trim();
      dialog.remove();
      resolve(given === '' ? null : given);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
