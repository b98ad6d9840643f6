import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { AppsPage } from '../apps/apps-page.tsx';
import { FleetPage } from '../fleet/fleet-page.tsx';
import { Questions } from '../parts/dialog.tsx';
import { Toasts } from '../parts/toasts.tsx';
import type { Route } from '../route.ts';
import { listenForShortcuts, useShortcuts } from '../shortcuts.ts';
import { openFile } from '../traces/open.ts';
import { TracePage } from '../traces/trace-page.tsx';
import { TracesPage } from '../traces/traces-page.tsx';
import { go, route } from './address.ts';
import { type AppState, AppStateProvider, useApp } from './app-state.ts';
import { Boundary } from './boundary.tsx';
import { ConnectionBanner } from './connection-mark.tsx';
import { Help } from './help.tsx';
import { NoSource } from './no-source.tsx';
import { helpIsOpen, Rail } from './rail.tsx';
import { SubjectPage } from './subject-page.tsx';
import { titleOf } from './title.ts';

export function App({ state }: { state: AppState }) {
  return (
    <AppStateProvider value={state}>
      <Shell />
    </AppStateProvider>
  );
}

function Shell() {
  const app = useApp();
  const { live } = app;
  useEffect(() => listenForShortcuts(window), []);
  useEffect(() => acceptDrops(app), [app]);
  useSignalEffect(() => {
    document.title = titleOf(route.value, app.trace.value?.trace.subject);
  });
  const place = placeOf(route.value);
  const last = useRef(place);
  useEffect(() => {
    if (last.current !== place) keepFocus();
    last.current = place;
  }, [place]);
  useShortcuts('Anywhere', [
    {
      keys: '?',
      words: 'this help',
      run() {
        helpIsOpen.value = true;
      },
    },
    ...(live
      ? [
          { keys: 'g f', words: 'go to the fleet', run: () => go({ view: 'fleet' }) },
          ...(app.home === 'server'
            ? [{ keys: 'g a', words: 'go to the apps', run: () => go({ view: 'apps' }) }]
            : []),
          {
            keys: 'g e',
            words: 'go to the engine',
            run: () => go({ view: 'engine', moment: 'live', query: {} }),
          },
        ]
      : []),
    { keys: 'g t', words: 'go to the traces', run: () => go({ view: 'traces' }) },
  ]);
  const isStale = live !== undefined && !['live', 'connecting'].includes(live.connection.state.value.is);
  return (
    <div class={`app ${isStale ? 'stale' : ''}`}>
      {/* No link: the part of the address behind # is the view's. */}
      <button type="button" class="skip-link" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the view
      </button>
      <Rail />
      <div class="main-column">
        {live && <ConnectionBanner live={live} />}
        <main id="main" tabIndex={-1}>
          <Boundary key={place}>
            <Page to={route.value} />
          </Boundary>
        </main>
      </div>
      <Questions />
      <Help />
      <Toasts />
    </div>
  );
}

/** Another moment of the same subject is the same place. */
function placeOf(to: Route): string {
  return `${to.view}/${'id' in to ? to.id : ''}`;
}

function Page({ to }: { to: Route }) {
  const { live, opener, hasTracesOnly } = useApp();
  if (to.view === 'trace') return <TracePage to={to} />;
  if (to.view === 'traces' || hasTracesOnly) return <TracesPage />;
  if (!live && !opener) return <NoSource />;
  if (to.view === 'app') return <SubjectPage key={`app/${to.id}`} subject={`app/${to.id}`} to={to} />;
  if (to.view === 'apps' || !live) return <AppsPage />;
  if (to.view === 'session')
    return <SubjectPage key={`session/${to.id}`} subject={`session/${to.id}`} to={to} />;
  if (to.view === 'engine') return <SubjectPage key="engine" subject="engine" to={to} />;
  return <FleetPage live={live} />;
}

/** What had the focus has gone with its view: the keys, and who listens to the page, go on from the new one. */
function keepFocus(): void {
  if (document.activeElement === document.body)
    document.getElementById('main')?.focus({ preventScroll: true });
}

/** A trace can be dropped anywhere: without this, the browser would leave the page for the file. */
function acceptDrops(app: AppState): () => void {
  const over = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };
  const drop = (event: DragEvent) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void openFile(app, file, file.name);
  };
  addEventListener('dragover', over);
  addEventListener('drop', drop);
  return () => {
    removeEventListener('dragover', over);
    removeEventListener('drop', drop);
  };
}
