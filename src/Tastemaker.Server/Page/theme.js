// Not a module: it runs before the first paint, so that nobody who chose dark sees a flash of light.
(() => {
  'use strict';
  const key = 'tastemaker-theme';
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');

  // Storage may be forbidden; then the choice lasts as long as the page.
  const remembered = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  const current = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light');

  const label = (button) => {
    const other = current() === 'dark' ? 'light' : 'dark';
    button.textContent = other === 'dark' ? '☾' : '☀';
    button.setAttribute('aria-label', `Switch to ${other} colors`);
    button.title = `Switch to ${other} colors`;
  };

  const choose = (theme, button) => {
    root.dataset.theme = theme;
    try {
      localStorage.setItem(key, theme);
    } catch {
      // see above
    }

    label(button);
    root.dispatchEvent(new CustomEvent('themechange'));
  };

  if (['light', 'dark'].includes(remembered())) {
    root.dataset.theme = remembered();
  }

  addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    label(button);
    button.addEventListener('click', () => choose(current() === 'dark' ? 'light' : 'dark', button));
    dark.addEventListener('change', () => {
      label(button);
      root.dispatchEvent(new CustomEvent('themechange'));
    });
  });
})();
