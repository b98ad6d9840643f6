import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { Detail } from 'chartroom/inspect';
import { useEffect, useState } from 'preact/hooks';
import { hrefOf, type Moment, type Query, type Route } from '../route.ts';
import { SessionView } from '../session/session-view.tsx';
import { go, linkTo, remember } from '../shell/address.ts';
import { type OpenTrace, useApp } from '../shell/app-state.ts';
import { CopyLink } from '../shell/copy-link.tsx';
import { recordingOf } from './read.ts';
import { SaveMenu } from './save-menu.tsx';

type TraceRoute = Extract<Route, { view: 'engine' | 'trace' }>;

export function TracePage({ to }: { to: TraceRoute }) {
  const { trace } = useApp();
  if (trace.value) return <TraceView key={trace.value.opening} opened={trace.value} to={to} />;
  return (
    <section class="view" aria-labelledby="view-title">
      <header class="view-head">
        <h1 id="view-title">Trace</h1>
      </header>
      <p class="empty">
        <strong>No trace is open</strong>
        This page forgets the one it had when it is loaded again.{' '}
        <a href={hrefOf({ view: 'traces' })}>Open it once more</a>
      </p>
    </section>
  );
}

function TraceView({ opened, to }: { opened: OpenTrace; to: TraceRoute }) {
  const app = useApp();
  const { trace, drawings } = opened;
  const [recording] = useState(() => recordingOf(trace));
  const shown = useSignal(recording);
  const nothingMissing = useSignal(0);
  const notLive = useSignal(false);
  const noDetail = useSignal<Detail | undefined>(undefined);
  const now = useSignal(recording.entries.at(-1)?.atMs ?? 0);
  const moment = useSignal<Moment>(startOf(opened, to));
  const query = useSignal<Query>(to.query);
  useEffect(() => {
    moment.value = startOf(opened, to);
    query.value = to.query;
  }, [to, opened, moment, query]);
  const place = useComputed<Route>(() => ({ ...to, moment: moment.value, query: query.value }));
  useSignalEffect(() => remember(place.value));
  return (
    <SessionView
      title={trace.subject}
      kind="trace"
      recording={shown}
      missing={nothingMissing}
      live={notLive}
      detail={noDetail}
      now={now}
      moment={moment}
      query={query}
      trace={trace}
      drawings={drawings}
      redacted={[]}
      actions={
        <div class="actions">
          {app.hasTracesOnly && <CopyLink link={() => linkTo(place.peek())} />}
          <SaveMenu name={trace.subject} trace={() => trace} drawings={drawings} />
          <button
            type="button"
            class="button small"
            onClick={() => {
              app.trace.value = undefined;
              go({ view: 'traces' });
            }}
          >
            Close
          </button>
        </div>
      }
    />
  );
}

/** A counterexample opens where it breaks. */
function startOf({ trace }: OpenTrace, { moment }: TraceRoute): Moment {
  if (moment === 'live') return trace.failure?.entries ?? 'live';
  return Math.min(moment, trace.entries.length);
}
