/** `npm run bench`: runs each benchmark in a process of its own, then prints one table. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatTable, type Result, verdict } from './table.ts';

const HELP = `Usage: npm run bench -- [options]

  --only NAME   run this benchmark; may be given several times
  --quick       tiny sizes, to see that the benchmarks work; the figures mean nothing
  --help        this text

Times are medians of interleaved rounds, in microseconds of wall clock and of processor time for one
operation. A ratio is ours to the peer's; where both have one, the ratio of processor time decides.
Rates (/s) are to be high, and their lower ratio decides. Files go to ${tmpdir()}, up to 1 GB of them,
and are removed.
Exit code 0 whatever the figures, 1 when a benchmark failed, 2 for a wrong argument.

Benchmarks:
`;

/** Room for 100,000 sessions and their peers, and a collector that can be asked to run. */
const FLAGS = ['--expose-gc', '--max-old-space-size=8192', '--disable-warning=ExperimentalWarning'];
/** More than any benchmark fills, so that no full collection starts. */
const QUIET = ['--initial-old-space-size=6144'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function main(): Promise<number> {
  // Loaded late, so that a wrong argument is answered at once.
  const { only, quick, help } = readArguments();
  const { benchmarks } = await import('./benchmarks.ts');
  const names = benchmarks.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`);
  if (help) {
    console.log(`${HELP}${names.join('\n')}`);
    return 0;
  }
  const unknown = only.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0)
    return refuse(`There is no benchmark ${unknown.join(', ')}. There are:\n${names.join('\n')}`);
  const chosen = benchmarks.filter(({ name }) => only.length === 0 || only.includes(name));
  const results: Result[] = [];
  let failed = 0;
  for (const { name, title, heap } of chosen) {
    console.log(`${name}: ${title}`);
    const result = await runInFolder(name, heap === 'quiet' ? [...FLAGS, ...QUIET] : FLAGS, quick);
    if (result) results.push(result);
    else failed += 1;
    if (interrupted) return 1;
  }
  console.log(`\n${formatTable(results)}`);
  const rows = results.flatMap((result) => result.rows);
  const met = rows.filter((row) => verdict(row) === 'met').length;
  const judged = rows.filter((row) => verdict(row) !== '').length;
  console.log(`\n${met} of ${judged} goals met on ${process.version}${quick ? ' (quick: meaningless)' : ''}`);
  return failed === 0 ? 0 : 1;
}

function readArguments(): { only: string[]; quick: boolean; help: boolean } {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}

function refuse(message: string): number {
  console.error(message);
  return 2;
}

/** The folder goes however the benchmark ends: it is not the benchmark that removes it. */
async function runInFolder(name: string, flags: string[], quick: boolean): Promise<Result | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'chartroom-bench-'));
  try {
    return await runApart(name, folder, flags, quick);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

let interrupted = false;

/** A fresh heap for each benchmark; its result comes back as a message. */
function runApart(
  name: string,
  folder: string,
  flags: string[],
  quick: boolean,
): Promise<Result | undefined> {
  const file = fileURLToPath(new URL('./child.ts', import.meta.url));
  const args = [...flags, file, name, folder, ...(quick ? ['--quick'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const interrupt = (): void => {
    interrupted = true;
    child.kill('SIGKILL');
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  return new Promise((resolve, reject) => {
    let result: Result | undefined;
    child.on('message', (message) => {
      result = message as Result;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      for (const signal of SIGNALS) process.off(signal, interrupt);
      if (code !== 0 && !interrupted) console.error(`${name} failed with exit code ${code}`);
      resolve(code === 0 ? result : undefined);
    });
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  const wrong = error instanceof TypeError && 'code' in error && `${error.code}`.startsWith('ERR_PARSE_ARGS');
  process.exitCode = wrong ? refuse(error.message) : 1;
  if (!wrong) console.error(error);
}
