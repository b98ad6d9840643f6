import type { Trace } from 'chartroom/inspect';
import { SavedDrawings } from '../drawings.ts';
import type { Route } from '../route.ts';
import { go, route } from '../shell/address.ts';
import type { AppState } from '../shell/app-state.ts';
import { readTrace, readTraceFile, UnreadableTrace } from './read.ts';

/** Reads a file and shows it, or what is wrong with it and what to do. */
export function openFile(app: AppState, file: Blob, name: string): Promise<void> {
  return open(app, name, () => readTraceFile(file));
}

export function openText(app: AppState, text: string, name: string): Promise<void> {
  return open(app, name, async () => readTrace(text));
}

let openings = 0;

/** The trace that the page was opened for. Rather than where it ends, the address may say which moment of it. */
export async function openServed(app: AppState, token: string): Promise<void> {
  const place = route.peek().view === 'trace' ? route.peek() : undefined;
  await open(
    app,
    'trace',
    async () => {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch(new URL('trace', document.baseURI), { headers });
      if (answer.ok) return readTrace(await answer.text());
      throw new UnreadableTrace(
        'The trace was not served',
        `${answer.status} ${answer.statusText}. Open the address that the program printed.`,
      );
    },
    place,
  );
}

/** A trace that is checked already, and the drawings that came with it. */
export function openTrace(
  app: AppState,
  trace: Trace,
  name: string,
  drawings?: Readonly<Record<string, unknown>>,
): void {
  app.traceProblem.value = undefined;
  openings += 1;
  app.trace.value = {
    opening: openings,
    trace,
    name,
    drawings: drawings ? new SavedDrawings(drawings) : app.drawings,
  };
}

const ITS_END: Route = { view: 'trace', moment: 'live', query: {} };

async function open(app: AppState, name: string, read: () => Promise<Trace>, place = ITS_END): Promise<void> {
  app.traceProblem.value = undefined;
  app.reading.value = true;
  // A frame, so that one sees that it is read: a large one takes seconds in which nothing moves.
  await new Promise((resolve) => setTimeout(resolve, 30));
  try {
    openTrace(app, await read(), name);
    go(place);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const title = error instanceof UnreadableTrace ? error.title : 'The file cannot be read';
    app.traceProblem.value = { title, message };
    go({ view: 'traces' });
  } finally {
    app.reading.value = false;
  }
}
