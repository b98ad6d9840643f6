import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { Subject } from 'chartroom/inspect';
import { useEffect, useState } from 'preact/hooks';
import { SessionActions } from '../act/session-actions.tsx';
import type { Looking } from '../live/looking.ts';
import { hrefOf, type Query, type Route } from '../route.ts';
import { SessionView } from '../session/session-view.tsx';
import { traceOf } from '../traces/read.ts';
import { SaveMenu } from '../traces/save-menu.tsx';
import { linkTo, remember } from './address.ts';
import { type AppState, useApp } from './app-state.ts';
import { CopyLink } from './copy-link.tsx';

type SubjectRoute = Extract<Route, { moment: unknown }>;

/** One thing that is looked at, from when the page is opened until it is left. */
export function SubjectPage({ subject, to }: { subject: Subject; to: SubjectRoute }) {
  const app = useApp();
  const [looking] = useState(() => lookAt(app, subject, to));
  const query = useSignal<Query>(to.query);
  useEffect(() => () => leave(app, subject), [app, subject]);
  // An address that was opened by hand, or by going back, is followed; what is remembered does not come by here.
  useEffect(() => {
    looking.goTo(to.moment);
    query.value = to.query;
  }, [to, looking, query]);
  const place = useComputed<Route>(() => ({ ...to, moment: looking.address, query: query.value }));
  useSignalEffect(() => remember(place.value));
  const isLive = useComputed(
    () =>
      looking.state.value.is === 'here' &&
      (app.live === undefined || app.live.connection.state.value.is === 'live'),
  );
  const here = useSignal(Date.now());
  const { live } = app;
  const isOpeners = subject.startsWith('app/') && live === undefined;

  const state = looking.state.value;
  if (state.is === 'missing' && looking.recording.value.entries.length === 0)
    return (
      <section class="view" aria-labelledby="view-title">
        <header class="view-head">
          <h1 id="view-title">{nameOf(app, subject)}</h1>
        </header>
        <p class="empty">
          <strong>Nothing to show</strong>
          {state.message}{' '}
          <a href={hrefOf({ view: subject.startsWith('app/') ? 'apps' : 'fleet' })}>
            {subject.startsWith('app/') ? 'All apps' : 'All sessions'}
          </a>
        </p>
      </section>
    );
  if (state.is === 'waiting')
    return (
      <section class="view" aria-labelledby="view-title">
        <header class="view-head">
          <h1 id="view-title">{nameOf(app, subject)}</h1>
        </header>
        <p class="empty" role="status">
          Asking the inspector…
        </p>
      </section>
    );
  return (
    <SessionView
      title={nameOf(app, subject)}
      kind={subject === 'engine' ? 'engine' : subject.startsWith('app/') ? 'app' : 'session'}
      recording={looking.recording}
      missing={looking.missing}
      live={isLive}
      detail={looking.detail}
      now={isOpeners || !live ? here : live.now}
      moment={looking.moment}
      query={query}
      drawings={app.drawings}
      redacted={live?.hello.value?.redacted ?? []}
      actions={
        <div class="actions">
          {app.home === 'server' && <CopyLink link={() => linkTo(place.peek())} />}
          <SaveMenu name={nameOf(app, subject)} trace={() => traceOf(looking.recording.peek(), subject)} />
          {live && to.view === 'session' && <SessionActions live={live} id={to.id} />}
        </div>
      }
    />
  );
}

function lookAt({ live, opener }: AppState, subject: Subject, to: SubjectRoute): Looking {
  if (live) return live.look(subject, to.moment);
  if (opener && subject.startsWith('app/')) return opener.look(subject.slice('app/'.length), to.moment);
  throw new Error(`Nobody here tells of ${subject}.`);
}

function leave({ live, opener }: AppState, subject: Subject): void {
  if (live) live.leave(subject);
  else opener?.leave(subject.slice('app/'.length));
}

function nameOf({ live, opener }: AppState, subject: Subject): string {
  if (subject === 'engine') return 'Engine';
  const id = subject.slice(subject.indexOf('/') + 1);
  if (!subject.startsWith('app/')) return id;
  return (live?.apps ?? opener?.rows)?.value.find((row) => row.id === id)?.name ?? id;
}
