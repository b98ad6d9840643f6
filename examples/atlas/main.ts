import { resolve } from 'node:path';
import { help, parseArguments, UsageError } from './arguments.ts';
import { runAtlas } from './atlas.ts';
import { Board } from './board.ts';
import { checkIsolation } from './checks.ts';
import { FolderError, lineReader, scanFolder } from './folder.ts';
import { partsOf } from './parts.ts';
import { plainView } from './plain.ts';
import { answersText, summaryText } from './summary.ts';
import { bytesText, colours, countText, noColours } from './terminal.ts';
import { liveView } from './view.ts';

const { stdout, stderr } = process;
const interruption = new AbortController();

async function main(): Promise<number> {
  const settings = parseArguments(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    isTerminal: stdout.isTTY === true,
    repository: resolve(import.meta.dirname, '../..'),
  });
  if (settings.help) {
    stdout.write(help);
    return 0;
  }
  const startedAtMs = Date.now();
  const startedAt = performance.now();
  const folder = await scanFolder(settings.folder);
  const parts = partsOf(folder.files, settings.sessions);
  const palette = settings.plain ? noColours : colours;
  const columns = stdout.columns || 100;

  const bytes = folder.files.reduce((sum, file) => sum + file.bytes, 0);
  if (settings.plain) {
    stdout.write(
      `The atlas of ${folder.root}: ${countText(folder.files.length, 'file')}, ${bytesText(bytes)}, `,
    );
    stdout.write(`in ${countText(parts.length, 'session')}.\n`);
  }
  if (folder.files.length < parts.length) {
    const files = countText(folder.files.length, 'file');
    stdout.write(`Only ${files} for ${parts.length} sessions: several sessions look after the same file.\n`);
  }

  const board = new Board(parts);
  const view = settings.plain
    ? plainView(board, (text) => stdout.write(text))
    : liveView(board, folder.root, stdout);
  process.once('exit', () => view.stop());
  view.start();
  const ledger = await runAtlas({
    folder,
    parts,
    board,
    questions: settings.questions,
    paceMs: settings.paceMs,
    onChange: (event) => view.changed(event),
    signal: interruption.signal,
  }).finally(() => view.stop());

  const elapsedMs = performance.now() - startedAt;
  const checks = checkIsolation(ledger, lineReader(folder.root, startedAtMs));
  const facts = { ledger, folder, checks, elapsedMs, paceMs: settings.paceMs };
  stdout.write(
    `\n${answersText(ledger, settings.questions, columns, palette)}\n${summaryText(facts, palette)}`,
  );
  return checks.every(({ violations }) => violations.length === 0) ? 0 : 1;
}

/** What `128 + signal` means to a shell. */
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    process.exitCode = exitCode;
    interruption.abort();
  });
}
// A reader that has seen enough (`| head`) is no failure.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  process.exitCode = await main();
} catch (error) {
  if (interruption.signal.aborted) {
    stderr.write('Interrupted: all sessions were stopped.\n');
  } else if (error instanceof UsageError) {
    stderr.write(`${error.message}\nTry: npm start -- --help\n`);
    process.exitCode = 2;
  } else {
    stderr.write(
      `${error instanceof FolderError ? error.message : `The atlas failed: ${failureText(error)}`}\n`,
    );
    process.exitCode = 1;
  }
}

function failureText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
