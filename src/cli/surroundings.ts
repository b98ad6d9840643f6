import type { InspectorServer, ServerOptions } from '../inspect/server/index.ts';
import type { StoreLease } from '../store/port.ts';
import type { TestingKit } from './modules.ts';

/** A stream that a command writes to. */
export interface Output {
  /** False once nobody reads any more, as after `| head`. */
  write(text: string): boolean;
  readonly isTTY: boolean;
  readonly colours: boolean;
}

/** All that a command touches beside the documents. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly version: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The exports of a module, by its path. */
  importModule(file: string): Promise<Readonly<Record<string, unknown>>>;
  /** From now on `console` writes to stderr. */
  keepConsoleOff(): void;
  /** The verification kit, which wants fast-check beside it. */
  loadTesting(): Promise<TestingKit>;
  /** To read, also while somebody else owns the store; else as its owner, and one that is not there is made. */
  open(file: string, options: { readOnly: boolean }): Promise<StoreLease>;
  /** Starts the inspector's server, which wants ws beside it. */
  serveInspector(options: ServerOptions): Promise<InspectorServer>;
  /** Resolves when the person wants to end it (Ctrl-C). */
  interrupted(): Promise<void>;
}

export interface Command {
  readonly help: string;
  /** Resolves with the exit code. */
  run(argv: readonly string[], surroundings: Surroundings): Promise<number>;
}

export const DONE = 0;
/** It failed, or it found damage. */
export const FAILED = 1;
export const WRONG_USAGE = 2;
