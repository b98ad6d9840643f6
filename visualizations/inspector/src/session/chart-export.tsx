import { type Chart, drawSvg, toMermaid } from 'chartroom/diagram';
import type { ChartMoment } from 'chartroom/inspect';
import { useRef } from 'preact/hooks';
import { copyText } from '../parts/clipboard.ts';
import { download } from '../parts/download.ts';
import { Icon } from '../parts/icon.tsx';
import { toast } from '../parts/toasts.tsx';
import type { ChartLook } from './charts.ts';
import { litOf } from './lit.ts';

/** The chart as it is now, to keep or to paste: SVG in the colours of the page, Mermaid as text. */
export function ChartExport({ look, now, name }: { look: ChartLook; now: ChartMoment; name: string }) {
  const details = useRef<HTMLDetailsElement>(null);
  if (look.is !== 'drawn') return null;
  const { chart, drawing } = look;
  const svg = () => drawSvg(chart, drawing, { theme: pageTheme(), title: name, ...litOf(chart, now) });
  const choices: readonly (readonly [string, () => unknown])[] = [
    ['Save as SVG', () => download(`${name}.svg`, 'image/svg+xml', svg())],
    ['Copy SVG', () => copy(svg())],
    ['Save as Mermaid', () => download(`${name}.mmd`, 'text/plain', mermaid(chart))],
    ['Copy Mermaid', () => copy(mermaid(chart))],
  ];
  const close = () => {
    if (details.current) details.current.open = false;
    details.current?.querySelector('summary')?.focus();
  };
  return (
    <details
      ref={details}
      class="menu"
      onKeyDown={(event) => event.key === 'Escape' && close()}
      onFocusOut={(event) => {
        const goesOut = !event.currentTarget.contains(event.relatedTarget as Node | null);
        if (goesOut && event.relatedTarget) event.currentTarget.open = false;
      }}
    >
      <summary class="button quiet small">
        <Icon name="down" size={14} /> Export
      </summary>
      <div class="menu-list">
        {choices.map(([words, run]) => (
          <button
            key={words}
            type="button"
            onClick={() => {
              run();
              close();
            }}
          >
            {words}
          </button>
        ))}
      </div>
    </details>
  );
}

const mermaid = (chart: Chart) => toMermaid(chart);

async function copy(text: string): Promise<void> {
  if (await copyText(text)) toast('Copied.');
  else toast('The browser does not let this page write to the clipboard. Save it as a file instead.', 'bad');
}

function pageTheme(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
