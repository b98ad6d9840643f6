import { type ReadonlySignal, type Signal, useComputed, useSignal } from '@preact/signals';
import type { Detail, Recording, SessionMoment, Trace } from 'chartroom/inspect';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Drawings } from '../drawings.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import type { Moment } from '../route.ts';
import {
  type ActorRow,
  actorRows,
  addressOf,
  chartToCome,
  chosenChart,
  ownerAmong,
  sessionToCome,
} from './actors.ts';
import { Book } from './book.ts';
import { ChartPanel } from './chart-panel.tsx';
import { Contents } from './contents.tsx';
import { FailureBanner } from './failure-banner.tsx';
import { Guarded } from './guarded.tsx';
import './session.css';
import { TimelinePanel } from './timeline-panel.tsx';
import { Transport } from './transport.tsx';

export interface SessionViewProps {
  /** The session's id, the app's name, `engine`, or the subject of a trace. */
  readonly title: string;
  readonly kind: 'session' | 'engine' | 'app' | 'trace';
  /** A new object whenever anything came, at most once a frame; its `entries` is never changed in place. */
  readonly recording: ReadonlySignal<Recording>;
  /** Entries in front of `recording.entries[0]` that nobody holds any more. */
  readonly missing: ReadonlySignal<number>;
  /** More may come. False: a trace, a subject that is gone, or a lost connection. */
  readonly live: ReadonlySignal<boolean>;
  readonly detail: ReadonlySignal<Detail | undefined>;
  /** The engine's clock in milliseconds since 1970, about each second. */
  readonly now: ReadonlySignal<number>;
  /** An index of `recording.entries`: how many have happened. Written by the view, read from and kept in the address. */
  readonly moment: Signal<Moment>;
  /** What the view keeps in the address beside the moment. */
  readonly query: Signal<Readonly<Record<string, string>>>;
  /** Of a trace: its steps and its failure. */
  readonly trace?: Trace;
  readonly drawings: Drawings;
  /** Paths whose values are not shown. */
  readonly redacted: readonly string[];
  /** The buttons that act on the session, ready to be placed; absent when nothing is allowed. */
  readonly actions?: ComponentChildren;
}

export function SessionView(props: SessionViewProps) {
  const { title, kind, recording, live, detail, now, query, drawings, redacted, actions } = props;
  const [book] = useState(
    () => new Book(recording, props.moment, live, props.trace, kind === 'session' ? title : undefined),
  );
  const hasSessions = useComputed(() => kind === 'session' || tellsOfSessions(recording.value));
  const ids = useComputed(() => [...book.moment.value.sessions.keys()]);
  const session = useComputed(() => sessionOf(props, book, ids.value));
  /** Of what is recorded of several sessions, only one may be wanted. */
  const only = useComputed(() => (kind === 'session' ? undefined : query.value.session));
  const present = useComputed(() => (book.follows.value ? detail.value : undefined));
  const rows = useComputed(() => {
    const shown = session.value === undefined ? [] : [session.value];
    const all = new Set(kind === 'app' ? [] : ids.value);
    return actorRows(book.moment.value, shown, present.value).filter((row) => isOf(row, session.value, all));
  });
  const toCome = useComputed(
    () =>
      chartToCome(recording.value, query.value.chart) ??
      (kind === 'session' ? sessionToCome(title) : undefined),
  );
  const chosen = useComputed(() => chosenChart(rows.value, query.value.chart, toCome.value));
  const pin = useComputed(() => pinOf(query.value.pin, props.missing.value, book.length.value));
  const put = (next: Readonly<Record<string, string | undefined>>) => {
    const merged = Object.entries({ ...query.peek(), ...next });
    query.value = Object.fromEntries(
      merged.filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
  };
  const setPin = (n: number | undefined) =>
    put(
      n === undefined
        ? { pin: undefined, panel: query.peek().panel === 'compare' ? undefined : query.peek().panel }
        : { pin: String(n + props.missing.peek()), panel: 'compare' },
    );
  /** A chart that is wide lies above the rest, one that is tall stands beside it. */
  const isWide = useSignal(false);
  const choose = (row: ActorRow) => put({ chart: addressOf(row, rows.peek()) });
  const state = session.value === undefined ? undefined : book.moment.value.sessions.get(session.value);
  return (
    <section class="view session-view" aria-labelledby="view-title">
      <header class="view-head">
        <h1 id="view-title">{title}</h1>
        {kind === 'session' && state && (
          <StatusMark
            status={state.state.status}
            asleep={book.follows.value && detail.value?.asleep === true}
          />
        )}
        {kind === 'trace' && <span class="chip">{props.trace?.kind} trace</span>}
        {kind !== 'session' && ids.value.length > 1 && (
          <SessionChoice
            ids={ids.value}
            chosen={only.value}
            choose={(id) => put({ session: id, chart: undefined })}
          />
        )}
        <span class="spread" />
        {redacted.length > 0 && (
          <span class="chip redacted" title={redacted.join('\n')}>
            Not shown: {redacted.join(', ')}.
          </span>
        )}
        {actions}
      </header>
      <FailureBanner book={book} />
      <Warnings state={state} missing={props.missing.value} isStart={book.n.value === 0} />
      <Transport book={book} live={live} pin={pin} setPin={setPin} />
      <div class={`session-grid ${isWide.value ? 'wide' : ''}`}>
        <Guarded name="The chart">
          <ChartPanel
            rows={rows.value}
            chosen={chosen.value}
            definitions={recording.value.definitions}
            drawings={drawings}
            follows={book.follows.value}
            isWide={isWide}
            choose={choose}
          />
        </Guarded>
        <Guarded name="The timeline">
          <TimelinePanel book={book} query={query} session={only} pin={pin} />
        </Guarded>
        <Guarded name="What it holds">
          <Contents
            book={book}
            rows={rows.value}
            chosen={chosen.value}
            session={session.value}
            detail={detail.value}
            now={now}
            pin={pin.value}
            panel={query.value.panel}
            hasSessions={hasSessions.value}
            openPanel={(panel) => put({ panel })}
            movePin={setPin}
            choose={choose}
          />
        </Guarded>
      </div>
    </section>
  );
}

/** The one that is looked at, or that is asked for; of a trace the one that it ends, or fails, with. */
function sessionOf(
  { kind, title, query }: SessionViewProps,
  book: Book,
  ids: readonly string[],
): string | undefined {
  if (kind === 'session') return title;
  const { session } = query.value;
  if (session !== undefined && ids.includes(session)) return session;
  const { sequence } = book.pages.value;
  // What is live goes on: another session at each entry would be no help.
  const end = book.failure?.entries ?? (kind === 'trace' ? book.length.value : 0);
  for (let index = end - 1; index >= 0; index -= 1) {
    const id = sequence.sessionOf(index);
    if (id !== undefined && ids.includes(id)) return id;
  }
  return ids[0];
}

/** Its panels are there from the first moment on. */
function tellsOfSessions({ bases, entries }: Recording): boolean {
  const told = entries.some(({ kind }) => kind === 'fact' || kind === 'event');
  return told || Object.keys(bases).length > 0;
}

/** Of many sessions only the actors of the chosen one are shown, and those of nobody. */
function isOf({ actor }: ActorRow, session: string | undefined, ids: ReadonlySet<string>): boolean {
  if (session === undefined) return true;
  const owner = ids.has(actor) ? actor : ownerAmong(actor, ids);
  return owner === undefined || owner === session;
}

/** The address counts entries that are not held any more. */
function pinOf(text: string | undefined, missing: number, length: number): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Math.min(length, Math.max(0, Number(text) - missing));
}

function SessionChoice(props: {
  ids: readonly string[];
  chosen: string | undefined;
  choose(id: string | undefined): void;
}) {
  const { ids, chosen, choose } = props;
  return (
    <select
      class="field"
      aria-label="Session"
      value={chosen ?? ''}
      onChange={({ currentTarget }) => choose(currentTarget.value === '' ? undefined : currentTarget.value)}
    >
      <option value="">all sessions</option>
      {ids.slice(0, MOST_CHOICES).map((id) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </select>
  );
}

const MOST_CHOICES = 1000;

function Warnings(props: { state: SessionMoment | undefined; missing: number; isStart: boolean }) {
  const { state, missing, isStart } = props;
  const words = [
    missing > 0 && isStart && `${missing} older entries are not held any more; what they led to is.`,
    state?.partial && 'What this session held before the recording began is not known.',
    state?.problem,
  ].filter((each): each is string => typeof each === 'string');
  if (words.length === 0) return null;
  return <p class="notice warn session-warnings">{words.join(' ')}</p>;
}
