import './styles/tokens.css';
import './styles/base.css';
import './styles/panes.css';
import './styles/shell.css';
import './styles/overlays.css';
import './styles/traces.css';
import { checkTrace } from 'chartroom/inspect';
import { render } from 'preact';
import { SavedDrawings } from './drawings.ts';
import { go, route } from './shell/address.ts';
import { App } from './shell/app.tsx';
import { appState } from './shell/app-state.ts';
import { start } from './start.ts';
import { openTrace } from './traces/open.ts';

/** A single file that holds a trace. It connects to nothing; another trace can be opened in it. */
const root = start();
const app = appState({ drawings: new SavedDrawings({}), home: 'file', hasTracesOnly: true });
openSaved(document.getElementById('saved-trace')?.textContent ?? 'null');
render(<App state={app} />, root);

function openSaved(text: string): void {
  try {
    const saved: { trace: unknown; drawings?: Record<string, unknown> } | null = JSON.parse(text);
    if (saved === null) return;
    openTrace(app, checkTrace(saved.trace), 'saved', saved.drawings ?? {});
    if (route.peek().view !== 'trace') go({ view: 'trace', moment: 'live', query: {} });
  } catch (error) {
    app.traceProblem.value = {
      title: 'The trace in this file cannot be read',
      message: `${error instanceof Error ? error.message : String(error)}. Ask for the file again.`,
    };
  }
}
