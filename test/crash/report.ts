/** What a child tells its parent, one JSON line each, written before it goes on: a kill loses no line. */
import { writeSync } from 'node:fs';
import type { Answer, Call } from './calls.ts';

export type Line =
  /** The manager is open; what it says of its recovery. */
  | readonly ['open', number, ReadonlyArray<{ readonly id: string; readonly reason: string }>]
  | readonly ['ask', number, Call]
  | readonly ['ack', number, Answer]
  | readonly ['nak', number, string, string]
  /** A listener was given this event. */
  | readonly ['heard', number, string, string]
  /** Of everything that is under way now, nobody will hear more than that the manager is closed. */
  | readonly ['closing']
  | readonly ['closed']
  | readonly ['log', string]
  /** Where it kills itself. */
  | readonly ['boundary', string];

/** The pipe beside the standard ones; its other end is the parent's. */
const PIPE = 3;

export function report(...line: Line): void {
  writeSync(PIPE, `${JSON.stringify(line)}\n`);
}

/** Nothing runs after it: no `finally`, no exit handler, no flush. */
export function die(boundary: string): never {
  report('boundary', boundary);
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

/** The lines that were written whole. */
export function parseReport(text: string): Line[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}
