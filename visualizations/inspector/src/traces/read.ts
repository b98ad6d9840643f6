import { checkTrace, type Recording, type Subject, type Trace } from 'chartroom/inspect';

/** A text longer than this is not read: the browser would take many times as much memory for what it says. */
export const MAX_TRACE_BYTES = 400_000_000;

/** Why something is not opened: what is wrong in a few words, and what to do. */
export class UnreadableTrace extends Error {
  readonly title: string;

  constructor(title: string, message: string) {
    super(message);
    this.name = 'UnreadableTrace';
    this.title = title;
  }
}

/** A file as it was chosen, dropped or pasted: a trace, or a page that holds one. */
export async function readTraceFile(file: Pick<Blob, 'size' | 'text'>): Promise<Trace> {
  if (file.size > MAX_TRACE_BYTES)
    throw new UnreadableTrace(
      'This file is too large',
      `It has ${Math.round(file.size / 1_000_000)} MB; up to ${MAX_TRACE_BYTES / 1_000_000} MB are read. ` +
        'Record for a shorter time, or fewer sessions: recordSessions(manager, { sessions, limit }).',
    );
  return readTrace(await file.text());
}

export function readTrace(text: string): Trace {
  const json = savedTraceIn(text) ?? text;
  if (json.trim() === '')
    throw new UnreadableTrace('There is nothing in it', 'The file, or what was pasted, is empty.');
  return checked(parsed(json));
}

/** A page that was saved from here holds the trace beside the drawings. */
function savedTraceIn(text: string): string | undefined {
  if (!/^\s*<!doctype html/i.test(text)) return undefined;
  const json = text.match(/<script type="application\/json" id="saved-trace">([^<]*)<\/script>/)?.[1];
  if (json === undefined)
    throw new UnreadableTrace(
      'This page holds no trace',
      'Choose a trace file, or a page saved from the inspector.',
    );
  return json;
}

function parsed(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return isSavedPage(value) ? value.trace : value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const begins = /^\s*[{[]/.test(json);
    if (begins && !/[}\]]\s*$/.test(json))
      throw new UnreadableTrace(
        'This trace is cut off',
        `The file ends in the middle (${reason}). Copy it again, or record again.`,
      );
    throw new UnreadableTrace(
      'This is no trace',
      `A trace is a JSON document, and this is not JSON: ${reason}`,
    );
  }
}

function checked(value: unknown): Trace {
  try {
    return checkTrace(value);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof RangeError)
      throw new UnreadableTrace(
        'This trace is too large for this browser',
        `${message}. Open a shorter one.`,
      );
    const title = message.startsWith('A trace of version')
      ? 'This trace is of another version'
      : message.startsWith('Not a trace')
        ? 'This is no trace'
        : 'This trace is damaged';
    throw new UnreadableTrace(title, message);
  }
}

/** A trace as a view shows it. */
export function recordingOf(trace: Trace): Recording {
  return { definitions: trace.definitions, bases: trace.bases ?? {}, entries: trace.entries };
}

/** What a viewer holds of a subject, as a document of its own. */
export function traceOf(recording: Recording, subject: Subject | string): Trace {
  return {
    format: 'chartroom-trace',
    version: 1,
    kind: 'recording',
    subject,
    seed: 0,
    path: '',
    definitions: recording.definitions,
    steps: [{ words: 'recorded', atMs: recording.entries[0]?.atMs ?? 0 }],
    entries: recording.entries,
    bases: recording.bases,
    run: null,
  };
}

function isSavedPage(value: unknown): value is { trace: unknown } {
  return typeof value === 'object' && value !== null && 'trace' in value && 'drawings' in value;
}
