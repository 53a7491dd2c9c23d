import { effect, signal } from '@preact/signals';
import { recall, remember } from './remembered.ts';

export type Theme = 'light' | 'dark';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

function firstTheme(): Theme {
  const chosen = recall('theme');
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return prefersDark.matches ? 'dark' : 'light';
}

export const theme = signal<Theme>(firstTheme());

/** Switches the theme at once and keeps the choice in this browser. */
export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  remember('theme', chosen);
}

/** Follows the system until the person chooses. */
prefersDark.addEventListener('change', () => {
  if (recall('theme') === null) theme.value = prefersDark.matches ? 'dark' : 'light';
});

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});
