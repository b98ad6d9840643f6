import { realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { isSessionError } from 'chartroom';
import {
  type AtlasArguments,
  DEFAULT_SESSIONS,
  help,
  parseArguments,
  startedIn,
  UsageError,
} from './arguments.ts';
import { runAtlas } from './atlas.ts';
import { Board } from './board.ts';
import { checkIsolation } from './checks.ts';
import { FolderError, factsOf, lineReader, scanFolder } from './folder.ts';
import type { Earlier } from './hearing.ts';
import { type Inspector, openInspector } from './inspector.ts';
import type { Plan } from './job.ts';
import type { Ledger } from './ledger.ts';
import { partsOf } from './parts.ts';
import { plainView } from './plain.ts';
import { recoveredText } from './recovered.ts';
import { asProblem, defaultStore, openStore, StoreProblem } from './store.ts';
import { answersText, summaryText } from './summary.ts';
import { bytesText, colours, countText, noColours } from './terminal.ts';
import { liveView } from './view.ts';

const { stdout, stderr } = process;
const interruption = new AbortController();
/** All that is left is somebody who looks round. */
let done = false;
const leaving = Promise.withResolvers<void>();
const repository = realpathSync(resolve(import.meta.dirname, '../..'));
const startedAt = performance.now();

async function main(): Promise<number> {
  const settings = parseArguments(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    isTerminal: stdout.isTTY === true,
    repository,
  });
  if (settings.help) {
    stdout.write(help);
    return 0;
  }
  const folder = await scanFolder(settings.folder, settings.store);
  const file = settings.store ?? defaultStore(folder.root, repository);
  const { lease, job, note } = await openStore({ ...settings, file, root: folder.root });
  await using _given = lease;
  const plan: Plan = job?.plan ?? {
    folder: factsOf(folder),
    parts: partsOf(folder.files, settings.sessions ?? DEFAULT_SESSIONS),
    asked: settings.questions,
    startedAt: new Date().toISOString(),
  };
  if (note !== undefined) stdout.write(`${note}\n`);
  stdout.write(introduction(plan, near(file)));

  let exitCode = 1;
  let inspector: Inspector | undefined;
  const board = new Board(plan.parts);
  const view = settings.plain
    ? plainView(board, (text) => stdout.write(text))
    : liveView(board, plan.folder.root, stdout);
  process.once('exit', () => view.stop());
  try {
    await runAtlas({
      plan,
      questions: job?.questions,
      lease,
      board,
      paceMs: settings.paceMs,
      signal: interruption.signal,
      onStart: async (manager) => {
        inspector = await openInspector(manager, settings.open);
        stdout.write(`${inspector.text}\n`);
      },
      onReady: (recovery) => {
        if (recovery) stdout.write(recoveredText(recovery));
        view.start();
      },
      onChange: (event) => view.changed(event),
      onDone: (ledger, earlier) => {
        view.stop();
        exitCode = conclude({ settings, plan, file, ledger, earlier });
      },
      untilLeft: async () => {
        if (!settings.stay || inspector?.url === undefined) return;
        stdout.write(`\nLook round: ${inspector.url}\nCtrl-C ends it.\n`);
        done = true;
        await leaving.promise;
      },
    });
  } catch (error) {
    throw asProblem(error, file);
  } finally {
    view.stop();
    await inspector?.close();
  }
  return exitCode;
}

function introduction({ folder, parts }: Plan, file: string): string {
  const files = countText(folder.files, 'file');
  const sessions = countText(parts.length, 'session');
  const few = `Only ${files} for ${parts.length} sessions: several sessions look after the same file.\n`;
  return (
    `The atlas of ${folder.root}: ${files}, ${bytesText(folder.bytes)}, in ${sessions}, kept in ${file}\n` +
    (folder.files < parts.length ? few : '')
  );
}

interface Conclusion {
  readonly settings: AtlasArguments;
  readonly plan: Plan;
  readonly file: string;
  readonly ledger: Ledger;
  readonly earlier: Earlier;
}

/** The summary of all runs; gives the exit code. */
function conclude({ settings, plan, file, ledger, earlier }: Conclusion): number {
  const { paceMs } = settings;
  const { folder, asked, startedAt: begun } = plan;
  const palette = settings.plain ? noColours : colours;
  const checks = checkIsolation(ledger, lineReader(folder.root, Date.parse(begun)));
  const elapsedMs = performance.now() - startedAt;
  const answers = answersText(ledger, asked, stdout.columns || 100, palette);
  const summary = summaryText({ ledger, folder, checks, elapsedMs, earlier, paceMs }, palette);
  const program = near(resolve(repository, 'src/cli/main.ts'));
  const look = `  The sessions stay in the store: npx node ${program} sessions ${near(file)} --saved\n`;
  stdout.write(`\n${answers}\n${summary}\n${palette.quiet(look)}`);
  return checks.every(({ violations }) => violations.length === 0) ? 0 : 1;
}

/** A path as one would type it where the atlas was started. */
function near(path: string): string {
  const short = relative(startedIn(process.env) ?? process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** What `128 + signal` means to a shell. */
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    if (done) return leaving.resolve();
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
    stderr.write('Interrupted: the sessions are kept, and npm start goes on where they are.\n');
  } else if (error instanceof UsageError) {
    stderr.write(`${error.message}\nTry: npm start -- --help\n`);
    process.exitCode = 2;
  } else {
    const isPlain = error instanceof FolderError || error instanceof StoreProblem || isSessionError(error);
    stderr.write(`${isPlain ? error.message : `The atlas failed: ${failureText(error)}`}\n`);
    process.exitCode = 1;
  }
}

function failureText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
