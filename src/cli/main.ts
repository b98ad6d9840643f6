#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { untilInterrupted } from './interruption.ts';
import { importModule, loadTesting } from './modules.ts';
import { openStore } from './open-store.ts';
import { runProgram } from './program.ts';
import { FAILED, type Output } from './surroundings.ts';

/** The same from `src/cli` and from `dist/cli`. */
const manifest = new URL('../../package.json', import.meta.url);

let outputFailed = false;

function output(stream: NodeJS.WriteStream): Output {
  const { TERM, NO_COLOR } = process.env;
  const isTTY = stream.isTTY === true;
  let read = true;
  // A reader that has seen enough (`| head`) is no failure, and no reason to stop a check.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    read = false;
    if (error.code === 'EPIPE' || stream !== process.stdout) return;
    process.stderr.write(`chartroom: The output could not be written: ${error.message}.\n`);
    outputFailed = true;
  });
  return {
    isTTY,
    colours: isTTY && (NO_COLOR ?? '') === '' && TERM !== 'dumb',
    write(text) {
      if (read) stream.write(text);
      return read;
    },
  };
}

let exitCode: number | undefined;
const running = runProgram(process.argv.slice(2), {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  version: JSON.parse(readFileSync(manifest, 'utf8')).version,
  now: () => Date.now(),
  open: openStore,
  importModule,
  keepConsoleOff() {
    for (const name of ['log', 'info', 'debug'] as const) console[name] = console.error;
  },
  loadTesting,
  async serveInspector(options) {
    const { startServer } = await import('../inspect/server/index.ts');
    return startServer(options);
  },
  interrupted: () => untilInterrupted(process),
});
running.then((code) => {
  exitCode = code;
});
// Late, since a stream tells what became of a write after it.
process.once('beforeExit', () => {
  if (exitCode === undefined)
    process.stderr.write(
      'chartroom: The command waits for something that will never come, such as a promise.\n',
    );
  process.exitCode = outputFailed ? FAILED : (exitCode ?? FAILED);
});
