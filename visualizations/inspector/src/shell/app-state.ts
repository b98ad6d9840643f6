import { type Signal, signal } from '@preact/signals';
import type { Trace } from 'chartroom/inspect';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Drawings } from '../drawings.ts';
import type { Live } from '../live/live.ts';
import type { OpenerApps } from '../opener/opener-apps.ts';

export interface OpenTrace {
  /** Tells one opening from another, of the same file too. */
  readonly opening: number;
  readonly trace: Trace;
  /** Where it came from: a file's name. */
  readonly name: string;
  readonly drawings: Drawings;
}

/** What the page has to show, and where it has it from. */
export interface AppState {
  /** Absent from a page that has no token: a saved trace, or a page that another app has opened. */
  readonly live?: Live;
  /** The app that has opened this page. */
  readonly opener?: OpenerApps;
  readonly drawings: Drawings;
  readonly trace: Signal<OpenTrace | undefined>;
  /** What went wrong when a trace was to be opened. */
  readonly traceProblem: Signal<{ readonly title: string; readonly message: string } | undefined>;
  readonly reading: Signal<boolean>;
  /**
   * Where the app has come from: an inspector's server; a single file on a disk, which has nobody to ask; or the very
   * page that it looks into, so that an address in it is of no use to anybody else.
   */
  readonly home: 'server' | 'file' | 'page';
  /** There is no engine, and none is to be there. */
  readonly hasTracesOnly: boolean;
}

export function appState(
  parts: Pick<AppState, 'drawings' | 'home' | 'hasTracesOnly'> & Partial<AppState>,
): AppState {
  return { trace: signal(undefined), traceProblem: signal(undefined), reading: signal(false), ...parts };
}

const Context = createContext<AppState | undefined>(undefined);

export const AppStateProvider = Context.Provider;

export function useApp(): AppState {
  const app = useContext(Context);
  if (!app) throw new Error('Rendered outside of the app.');
  return app;
}
