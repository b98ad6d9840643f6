import type { ReadonlySignal } from '@preact/signals';
import { type ChartMoment, type Detail, eventInWords, stateInWords } from 'chartroom/inspect';
import type { ActorRow } from './actors.ts';
import { Deadlines } from './deadlines.tsx';
import { Section } from './holdings.tsx';
import { JsonTree } from './json-tree.tsx';
import { activeIn } from './lit.ts';
import { marksOf } from './marks.ts';

interface StandingProps {
  readonly row: ActorRow | undefined;
  readonly before: ChartMoment | undefined;
  readonly detail: Detail | undefined;
  readonly isNow: boolean;
  readonly now: ReadonlySignal<number>;
}

/** Where the chosen chart is, how it came there, what is due, and its context. */
export function Standing({ row, before, detail, isNow, now }: StandingProps) {
  const chart = row?.chart;
  if (!chart)
    return (
      <p class="empty">
        <strong>No chart has begun</strong>Go forward to the first entry that tells of one.
      </p>
    );
  return (
    <div class="sections">
      <section>
        <h2>
          {row.name}{' '}
          {row.name !== chart.actor && !chart.actor.startsWith('(') && (
            <span class="muted">{chart.actor}</span>
          )}
        </h2>
        <dl class="pairs">
          <dt>Active</dt>
          <dd>
            {chart.value === undefined && 'nothing yet'}
            {activeIn(chart.value).map((id) => (
              <span key={id} class="chip state-chip">
                {id}
              </span>
            ))}
          </dd>
          {chart.event && (
            <>
              <dt>Last event</dt>
              <dd class="mono">{eventInWords(chart.event)}</dd>
            </>
          )}
          {chart.previous !== undefined && (
            <>
              <dt>Before</dt>
              <dd class="mono">{stateInWords(chart.previous)}</dd>
            </>
          )}
          {chart.pending && (
            <>
              <dt>Was given</dt>
              <dd class="mono">{eventInWords(chart.pending)}</dd>
            </>
          )}
          <dt>Status</dt>
          <dd>{chart.status}</dd>
        </dl>
      </section>
      {detail && isNow && (
        <section>
          <h2>Deadlines</h2>
          <Deadlines deadlines={detail.deadlines} now={now} />
        </section>
      )}
      <Section title="Context" nothing="">
        <Context chart={chart} before={before} />
      </Section>
    </div>
  );
}

function Context({ chart, before }: { chart: ChartMoment; before: ChartMoment | undefined }) {
  if (chart.context === undefined) return <p class="muted">The recording does not tell its context.</p>;
  const marks = marksOf(before?.context ?? chart.context, chart.context);
  return (
    <>
      {marks.count > 0 && (
        <p class="muted">
          {marks.count}
          {marks.more ? ' and more' : ''} {marks.count === 1 ? 'place' : 'places'} changed with its last
          event.
        </p>
      )}
      <JsonTree label="Context" value={chart.context} marks={marks} />
    </>
  );
}
