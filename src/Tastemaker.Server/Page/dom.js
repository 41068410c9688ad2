// Elements are made here and nowhere else, and text only ever becomes text: a title may hold <script>.

/**
 * Makes an element.
 * @param {string} tag
 * @param {Record<string, any>} [properties] attributes; `on*` functions are listeners, `vars` CSS variables, false and null leave out
 * @param {...(Node|string|number|null|undefined|false|Array<any>)} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** Makes an SVG element; see {@link el}. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (name === 'vars') {
      Object.entries(value).forEach(([variable, text]) => element.style.setProperty(variable, String(text)));
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }

  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what an element holds. */
export function show(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/** Says something to those who listen to the page. */
export function announce(text) {
  byId('announcer').textContent = text;
}

/** Whether there is little room, as on a phone. */
export const narrow = () => matchMedia('(max-width: 640px)').matches;

/** Whether movement is unwelcome. */
export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

let ids = 0;

/** An identifier that no other element has. */
export const freshId = (name) => `${name}-${++ids}`;
