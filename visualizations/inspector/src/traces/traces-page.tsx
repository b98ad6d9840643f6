import { useSignal } from '@preact/signals';
import { checkTrace } from 'chartroom/inspect';
import { useEffect, useRef } from 'preact/hooks';
import type { Live } from '../live/live.ts';
import { formatDuration } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { toast } from '../parts/toasts.tsx';
import { go } from '../shell/address.ts';
import { type AppState, useApp } from '../shell/app-state.ts';
import { openFile, openText, openTrace } from './open.ts';

export function TracesPage() {
  const app = useApp();
  useEffect(() => acceptPastes(app), [app]);
  return (
    <section class="view" aria-labelledby="view-title">
      <header class="view-head">
        <h1 id="view-title">Traces</h1>
        <p class="muted">A run as one document: recorded here, or found by verifyMachine and verifyClient.</p>
      </header>
      <div class="traces">
        <OpenPane app={app} />
        {app.live && <RecordPane app={app} live={app.live} />}
      </div>
    </section>
  );
}

function OpenPane({ app }: { app: AppState }) {
  const chooser = useRef<HTMLInputElement>(null);
  const isOver = useSignal(false);
  const problem = app.traceProblem.value;
  return (
    <section class="pane" aria-labelledby="open-title">
      <div class="pane-head">
        <h2 id="open-title">Open a trace</h2>
      </div>
      <div class="pane-body">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a file can be chosen by the button inside as well */}
        <div
          class={`drop ${isOver.value ? 'over' : ''}`}
          onDragOver={() => {
            isOver.value = true;
          }}
          onDragLeave={() => {
            isOver.value = false;
          }}
          onDrop={() => {
            isOver.value = false;
          }}
        >
          <Icon name="up" size={20} />
          <p>
            Drop a trace file here, paste its text (<kbd class="kbd">Ctrl/⌘</kbd> <kbd class="kbd">V</kbd>),
            or
          </p>
          <button type="button" class="button primary" onClick={() => chooser.current?.click()}>
            Choose a file…
          </button>
          <input
            ref={chooser}
            type="file"
            class="sr-only"
            tabIndex={-1}
            aria-label="Trace file"
            accept=".json,.html,application/json,text/html"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              if (file) void openFile(app, file, file.name);
              // The same file can be chosen again after it has been mended.
              currentTarget.value = '';
            }}
          />
          <p class="muted">.json, or an .html page that was saved from here. It stays in this browser.</p>
        </div>
        <div role="status">{app.reading.value && <p class="notice">Reading…</p>}</div>
        <div role="alert">
          {problem && (
            <p class="notice bad">
              <strong>{problem.title}.</strong> {problem.message}
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

function RecordPane({ app, live }: { app: AppState; live: Live }) {
  const since = useSignal<number | undefined>(undefined);
  const pending = useSignal(false);
  const isOn = live.recording.value;
  const isUp = live.connection.state.value.is === 'live';
  const press = async () => {
    pending.value = true;
    try {
      const value = await live.record(!isOn);
      live.recording.value = !isOn;
      since.value = isOn ? undefined : live.now.peek();
      if (isOn) {
        openTrace(app, checkTrace(value), 'recording');
        go({ view: 'trace', moment: 'live', query: {} });
      }
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), 'bad');
    } finally {
      pending.value = false;
    }
  };
  return (
    <section class="pane" aria-labelledby="record-title">
      <div class="pane-head">
        <h2 id="record-title">Record</h2>
        {isOn && <span class="badge bad">recording</span>}
      </div>
      <div class="pane-body record">
        <p>
          Records what every session does from now on: facts, events, charts. When it is stopped, the trace
          opens here, and can be saved.
        </p>
        <button
          type="button"
          class={`button ${isOn ? 'danger' : ''}`}
          aria-disabled={pending.value || !isUp}
          onClick={() => isUp && !pending.value && press()}
        >
          <Icon name={isOn ? 'stop' : 'record'} size={14} />
          {pending.value ? 'Waiting…' : isOn ? 'Stop and open' : 'Start recording'}
        </button>
        {isOn && since.value !== undefined && (
          <p class="muted">for {formatDuration(live.now.value - since.value)}</p>
        )}
        {!isUp && <p class="muted">There is no connection to the engine now.</p>}
      </div>
    </section>
  );
}

function acceptPastes(app: AppState): () => void {
  const paste = (event: ClipboardEvent) => {
    if (event.target instanceof Element && event.target.closest('input, textarea, dialog')) return;
    const file = event.clipboardData?.files[0];
    const text = event.clipboardData?.getData('text/plain');
    if (file) void openFile(app, file, file.name);
    else if (text) void openText(app, text, 'pasted');
  };
  addEventListener('paste', paste);
  return () => removeEventListener('paste', paste);
}
