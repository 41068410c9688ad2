// The views, after the ARIA pattern of tabs: arrows move, and the chosen one is in the tab order.

import { byId } from './dom.js';
import * as state from './state.js';

const names = ['try', 'compare', 'map', 'live'];
const withQuery = ['try', 'compare'];
const titles = { try: 'Try it', compare: 'Compare', map: 'Map', live: 'Live' };

export function build() {
  const buttons = names.map((name) => byId(`tab-${name}`));
  const step = { ArrowRight: 1, ArrowLeft: -1 };
  buttons.forEach((button, place) => {
    button.addEventListener('click', () => state.set({ tab: names[place] }));
    button.addEventListener('keydown', (event) => {
      const to = event.key === 'Home' ? 0 : event.key === 'End' ? names.length - 1 : place + (step[event.key] ?? 0);
      if (to !== place) {
        event.preventDefault();
        const next = (to + names.length) % names.length;
        state.set({ tab: names[next] });
        buttons[next].focus();
      }
    });
  });
  state.onChange(({ tab }, changed) => changed.has('tab') && choose(tab));
  choose(state.get().tab);
}

function choose(tab) {
  for (const name of names) {
    const button = byId(`tab-${name}`);
    button.setAttribute('aria-selected', String(name === tab));
    button.tabIndex = name === tab ? 0 : -1;
    byId(`panel-${name}`).hidden = name !== tab;
  }

  byId('query').hidden = !withQuery.includes(tab);
  byId('main').className = tab;
  document.title = `${titles[tab]} · Tastemaker`;
}
