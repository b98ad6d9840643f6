import { signal } from '@preact/signals';
import { diagramCss, diagramPalettes } from 'chartroom/diagram';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'chartroom-inspector-theme';

export const theme = signal<Theme>('system');

/** Takes up what was chosen last time, and gives the drawings their colours. */
export function startTheme(): void {
  const kept = read();
  setTheme(THEMES.find((each) => each === kept) ?? 'system');
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:root { ${diagramProperties(diagramPalettes)} }\n${diagramCss}`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

export function setTheme(next: Theme): void {
  theme.value = next;
  if (next === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // A page from the disk, or of a browser that keeps nothing: it holds until the page is closed.
  }
}

/** Each colour once, for light and for dark: `--diagram-line: light-dark(#7d899c, #7f8ca1);` */
export function diagramProperties(palettes: {
  readonly light: Readonly<Record<string, string>>;
  readonly dark: Readonly<Record<string, string>>;
}): string {
  const { light, dark } = palettes;
  return Object.keys(light)
    .map((name) => `${name}: light-dark(${light[name]}, ${dark[name]});`)
    .join(' ');
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
