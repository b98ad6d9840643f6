/** Stores with many sessions in them, filled by a process of their own: what measures them starts clean. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Options } from './harness.ts';

export interface Filling {
  readonly file: string;
  readonly sessions: number;
  /** Of each session. */
  readonly messages: number;
  /** They have been idle; otherwise they are active. */
  readonly idle?: boolean;
}

/** A slow disk shall have fewer sessions rather than keep everybody waiting. */
export const FILL_LIMIT_MS = 150_000;

const PROGRAM = fileURLToPath(new URL('./fill.ts', import.meta.url));

/** How many sessions there are then: fewer than wanted when the time for them is over. */
export function fillStore(filling: Filling, { say }: Options): Promise<number> {
  const program = fork(PROGRAM, [JSON.stringify(filling)], { execArgv: [] });
  return new Promise((resolve, reject) => {
    let filled = 0;
    program.on('message', (sessions) => {
      filled = Number(sessions);
      say(`${filled.toLocaleString('en-US')} sessions stored`);
    });
    program.on('error', reject);
    program.on('exit', (code) => {
      if (code === 0 && filled > 0) resolve(filled);
      else reject(new Error(`filling ${filling.file} ended with ${code}`));
    });
  });
}
