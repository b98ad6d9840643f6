import type { Signal } from '@preact/signals';
import { stateInWords } from 'chartroom/inspect';
import { useLayoutEffect } from 'preact/hooks';
import type { Drawings } from '../drawings.ts';
import { type ActorRow, standingInWords } from './actors.ts';
import { ChartDrawing } from './chart-drawing.tsx';
import { ChartExport } from './chart-export.tsx';
import { type ChartLook, useChart } from './charts.ts';

/** As many times as wide as high, and too wide in pixels to be legible beside the rest. */
const WIDE = 1.6;
const TOO_WIDE = 600;
/** As many charts have a tab each; more are chosen from a list. */
const MOST_TABS = 3;
const MOST_CHOICES = 1000;

export interface ChartPanelProps {
  readonly rows: readonly ActorRow[];
  readonly chosen: ActorRow | undefined;
  readonly definitions: Readonly<Record<string, object>>;
  readonly drawings: Drawings;
  readonly follows: boolean;
  /** Is told what shape the drawing has. */
  readonly isWide: Signal<boolean>;
  choose(row: ActorRow): void;
}

/** One chart of those that take part, with where it is and how it came there lit. */
export function ChartPanel(props: ChartPanelProps) {
  const { rows, chosen, definitions, drawings, follows, isWide, choose } = props;
  const charts = rows.filter(({ chart }) => chart);
  const definition = chosen?.chart && own(definitions, chosen.chart.definition);
  const look = useChart(definition, drawings);
  useLayoutEffect(() => {
    if (look.is !== 'drawn') return;
    const { width, height } = look.drawing;
    isWide.value = width > TOO_WIDE && width > WIDE * height;
  }, [look, isWide]);
  return (
    <section class="pane chart-panel" aria-label="Chart">
      <div class="pane-head">
        <ChartChoice charts={charts} chosen={chosen} choose={choose} />
        <span class="spread" />
        {chosen?.chart && <ChartExport look={look} now={chosen.chart} name={chosen.name} />}
      </div>
      <div class="chart-body">
        <ChartBody look={look} chosen={chosen} />
        <p class="sr-only" aria-live={follows ? 'off' : 'polite'}>
          {chosen?.chart && standingInWords(chosen.chart)}
        </p>
      </div>
    </section>
  );
}

function ChartBody({ look, chosen }: { look: ChartLook; chosen: ActorRow | undefined }) {
  const now = chosen?.chart;
  if (!now)
    return (
      <p class="empty">
        <strong>No chart is told of</strong>It is drawn as soon as an entry tells where one is.
      </p>
    );
  if (look.is === 'drawn')
    return (
      <ChartDrawing chart={look.chart} drawing={look.drawing} now={now} title={`Chart of ${now.actor}`} />
    );
  if (look.is === 'waiting')
    return (
      <p class="empty" role="status">
        Drawing the chart…
      </p>
    );
  return (
    <div class="chart-outline">
      <p class="notice info">
        {look.is === 'outline'
          ? `Shown as an outline. ${look.reason}`
          : `There is no chart to draw. ${look.reason}`}
      </p>
      <p>
        {standingInWords(now)}
        {now.previous !== undefined && `, before in ${stateInWords(now.previous)}`}
      </p>
      {look.is === 'outline' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        <section class="outline" tabIndex={0} aria-label="Outline of the chart">
          <pre class="mono">{look.outline}</pre>
        </section>
      )}
    </div>
  );
}

function ChartChoice(props: {
  charts: readonly ActorRow[];
  chosen: ActorRow | undefined;
  choose(row: ActorRow): void;
}) {
  const { charts, chosen, choose } = props;
  const label = ({ actor, name, chart }: ActorRow) =>
    chart && chart.definition !== name && !actor.startsWith('(') ? `${name} · ${chart.definition}` : name;
  if (charts.length === 0) return <span class="muted">{chosen && label(chosen)}</span>;
  if (charts.length > MOST_TABS)
    return (
      <select
        class="field"
        aria-label="Chart of"
        value={chosen?.key}
        onChange={({ currentTarget }) => {
          const row = charts.find(({ key }) => key === currentTarget.value);
          if (row) choose(row);
        }}
      >
        {charts.slice(0, MOST_CHOICES).map((row) => (
          <option key={row.key} value={row.key}>
            {'\u00a0\u00a0'.repeat(row.depth)}
            {label(row)}
          </option>
        ))}
      </select>
    );
  return (
    <fieldset class="segments" aria-label="Chart of">
      {charts.map((row) => (
        <button
          key={row.key}
          type="button"
          aria-pressed={row.key === chosen?.key}
          title={row.actor}
          onClick={() => choose(row)}
        >
          {label(row)}
        </button>
      ))}
    </fieldset>
  );
}

function own(definitions: Readonly<Record<string, object>>, name: string): object | undefined {
  const definition: unknown = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  return typeof definition === 'object' && definition !== null ? definition : undefined;
}
