import type { ReadonlySignal, Signal } from '@preact/signals';
import type { Detail, Recording, Trace } from 'chartroom/inspect';
import type { ComponentChildren } from 'preact';
import type { Drawings } from '../drawings.ts';
import type { Moment } from '../route.ts';

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

export function SessionView({ title, recording, actions }: SessionViewProps) {
  return (
    <section class="view" aria-labelledby="view-title">
      <header class="view-head">
        <h1 id="view-title">{title}</h1>
        {actions}
      </header>
      <p>{recording.value.entries.length} entries</p>
    </section>
  );
}
