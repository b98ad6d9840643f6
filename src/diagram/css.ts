/** The colours and rules of a drawing. */

type Palette = Readonly<Record<`--diagram-${string}`, string>>;

/** The custom properties that theme `css` obeys, with the values of both other themes. */
export const diagramPalettes = {
  light: {
    '--diagram-plate': '#ffffff',
    '--diagram-machine': '#fafbfc',
    '--diagram-state': '#ffffff',
    '--diagram-compound': '#f4f6f9',
    '--diagram-border': '#828da0',
    '--diagram-divider': '#828da0',
    '--diagram-name': '#18212f',
    '--diagram-text': '#3b475a',
    '--diagram-muted': '#5a677b',
    '--diagram-guard': '#8a4b08',
    '--diagram-actor': '#5b3fb0',
    '--diagram-clock': '#0b6b72',
    '--diagram-line': '#7d899c',
    '--diagram-active': '#1d63d8',
    '--diagram-active-state': '#dbe8fd',
    '--diagram-active-compound': '#f1f6fe',
    '--diagram-taken': '#1d63d8',
  },
  dark: {
    '--diagram-plate': '#131921',
    '--diagram-machine': '#131921',
    '--diagram-state': '#1f2833',
    '--diagram-compound': '#19212b',
    '--diagram-border': '#64728a',
    '--diagram-divider': '#6b7a92',
    '--diagram-name': '#eef2f8',
    '--diagram-text': '#c3ccd9',
    '--diagram-muted': '#a9b5c7',
    '--diagram-guard': '#e7a95e',
    '--diagram-actor': '#b8a4f5',
    '--diagram-clock': '#62c6cd',
    '--diagram-line': '#7f8ca1',
    '--diagram-active': '#6ea8ff',
    '--diagram-active-state': '#20406f',
    '--diagram-active-compound': '#172233',
    '--diagram-taken': '#6ea8ff',
  },
} as const satisfies Record<'light' | 'dark', Palette>;

/** Each is put behind the class of its drawing, so that drawings on one page do not colour each other. */
const RULES = `
text { font: 12px Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif; fill: var(--diagram-text); white-space: pre; }
text.name { font-size: 14px; font-weight: 600; fill: var(--diagram-name); }
.state .box { fill: var(--diagram-state); stroke: var(--diagram-border); stroke-width: 1.25; }
.state.compound .box, .state.parallel .box { fill: var(--diagram-compound); }
.state.machine .box { fill: var(--diagram-machine); }
.state .rule, .state .inner { fill: none; stroke: var(--diagram-border); stroke-opacity: 0.55; }
.state.region.box .box { fill: none; stroke: var(--diagram-divider); stroke-dasharray: 5 4; }
.state.region.cell .box { fill: none; stroke: none; }
.words { pointer-events: none; }
.words.open text { paint-order: stroke; stroke: var(--diagram-compound); stroke-width: 4px; stroke-linejoin: round; }
.words.machine text { stroke: var(--diagram-machine); }
.words .label { pointer-events: auto; }
.divider { stroke: var(--diagram-divider); stroke-dasharray: 5 4; }
.guard { fill: var(--diagram-guard); }
.action, .tag { fill: var(--diagram-muted); }
.keyword { fill: var(--diagram-text); font-style: italic; }
.actor { fill: var(--diagram-actor); }
.cause { fill: var(--diagram-text); }
.mark { fill: none; stroke: var(--diagram-clock); stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.mark.actor { stroke: var(--diagram-actor); }
.mark.final { stroke: var(--diagram-name); }
.solid { fill: var(--diagram-name); }
.route .line { fill: none; stroke: var(--diagram-line); stroke-width: 1.4; }
.route .head { fill: var(--diagram-line); }
.plate { fill: var(--diagram-plate); }
.state.active .box { fill: var(--diagram-active-state); stroke: var(--diagram-active); stroke-width: 2; }
.state.active.compound .box, .state.active.parallel .box { fill: var(--diagram-active-compound); }
.state.active.region.cell .box { fill: none; stroke: none; }
.state.active .rule, .state.active .inner { stroke: var(--diagram-active); }
.route.taken .line { stroke: var(--diagram-taken); stroke-width: 2.2; }
.route.taken .head { fill: var(--diagram-taken); }
.label.taken text, .label.taken tspan { fill: var(--diagram-taken); }
`;

export type Theme = 'light' | 'dark' | 'css';

/** With every rule behind `.chartroom-diagram.<theme>`; the colours of `css` are custom properties. */
export function rulesOf(theme: Theme): string {
  const values: Palette = diagramPalettes[theme === 'dark' ? 'dark' : 'light'];
  return RULES.trim()
    .split('\n')
    .map((rule) => scoped(rule, `.chartroom-diagram.${theme}`))
    .join('\n')
    .replace(/var\((--diagram-[a-z-]+)\)/g, (_use, name: keyof Palette) =>
      theme === 'css' ? `var(${name}, ${values[name]})` : (values[name] ?? ''),
    );
}

function scoped(rule: string, scope: string): string {
  const brace = rule.indexOf('{');
  const selectors = rule.slice(0, brace).split(',');
  return `${selectors.map((each) => `${scope} ${each.trim()}`).join(', ')} ${rule.slice(brace)}`;
}

/** The rules of a drawing with theme `css`, which has none inside; for a page's own style sheet. */
export const diagramCss: string = rulesOf('css');
