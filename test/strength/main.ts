/** Seeds bugs in copies of the engine, one at a time, and sees which of them the verification kit notices. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bugs } from './bugs.ts';
import { hunt, type Outcome, type Quarry } from './hunts.ts';
import { blockOf, isKilled, merged, type Report, rowOf, tableOf, totalsOf, withBlock } from './report.ts';
import { root } from './scratch.ts';

const HELP = `Usage: node test/strength/main.ts [options]

  --seeds N      hunt each bug on so many seeds, from 1 on (5)
  --runs N       with at most so many random runs each (2000)
  --only TEXT    only bugs with TEXT in their titles; may be given several times
  --patch FILE   a bug of your own, as a unified diff, in place of those here; may be given several times
  --jobs N       processes at a time (2)
  --json FILE    write the measurement to FILE
  --record       keep it in test/strength/report.json and docs/strength.md; with --only those bugs alone, beside
                 what was measured of the others with the same --seeds and --runs
  --list         only name the bugs
  --help         this text

Exit code 0 when every bug is killed on every seed and the engine without them is clean, 1 when one survives or the
engine is not clean, 2 for a wrong argument.
`;

const RECORD = { json: 'test/strength/report.json', document: 'docs/strength.md' };
/** One run that says nothing for so long does not come to its end. */
const PATIENCE_MS = 180_000;
const UNHARMED = 'none: the engine as it is';

async function main(): Promise<number> {
  const options = readArguments();
  if (typeof options === 'string') {
    console.error(`${options}\n\n${HELP}`);
    return 2;
  }
  const { seeds, runs, jobs, only, patches, json, record, list, help } = options;
  if (help) {
    console.log(HELP);
    return 0;
  }
  const patched = patches.map((patch): Quarry => ({ title: basename(patch), patch: resolve(patch) }));
  const all: readonly Quarry[] = patched.length > 0 ? patched : bugs;
  const chosen = all.filter(({ title }) => only.length === 0 || only.some((part) => title.includes(part)));
  if (chosen.length === 0) {
    console.error(
      `No bug has ${only.map((part) => JSON.stringify(part)).join(' or ')} in its title; --list names them.`,
    );
    return 2;
  }
  if (list) {
    console.log(chosen.map(({ title }) => title).join('\n'));
    return 0;
  }
  const started = performance.now();
  const quarries: readonly Quarry[] = [{ title: UNHARMED, edits: [] }, ...chosen];
  const effort = {
    seeds: Array.from({ length: seeds }, (_, n) => n + 1),
    runs,
    jobs,
    patienceMs: PATIENCE_MS,
  };
  const [unharmed, ...outcomes] = await hunt(quarries, effort, (outcome, done) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`[${done}/${quarries.length}, ${seconds} s] ${inShort(outcome)}`);
  });
  const report: Report = { seeds, runs, bugs: outcomes.map(rowOf) };
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (json !== undefined) await writeFile(json, text);
  if (record) {
    const kept = merged(
      await readKept(),
      report,
      bugs.map(({ title }) => title),
    );
    await writeFile(join(root, RECORD.json), `${JSON.stringify(kept, null, 2)}\n`);
    const document = join(root, RECORD.document);
    await writeFile(document, withBlock(await readFile(document, 'utf8'), 'seeded bugs', blockOf(kept)));
  }
  const isClean = unharmed?.kills.every((kill) => kill === null) === true;
  console.log(`\n${tableOf(report.bugs)}\n\n${totalsOf(report).join('\n')}`);
  console.log(isClean ? 'The engine without them is clean.' : 'The engine without them is NOT clean.');
  return isClean && report.bugs.every(isKilled) ? 0 : 1;
}

async function readKept(): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(join(root, RECORD.json), 'utf8'));
  } catch {
    return undefined;
  }
}

function inShort(outcome: Outcome): string {
  const { title, killed, of, runs, broke } = rowOf(outcome);
  if (title === UNHARMED)
    return killed === 0 ? 'the engine as it is: clean' : `the engine as it is: ${broke}`;
  return `${title}: ${killed === 0 ? 'survives' : `killed on ${killed} of ${of}, in run ${runs}, ${broke}`}`;
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '5' },
        runs: { type: 'string', default: '2000' },
        jobs: { type: 'string', default: '2' },
        only: { type: 'string', multiple: true, default: [] },
        patch: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
        record: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { patch: patches, record, only, seeds, runs, jobs, ...rest } = values;
    if (record && patches.length > 0)
      return '--record keeps what was measured of the bugs here, not of patches.';
    const numbers = { seeds: Number(seeds), runs: Number(runs), jobs: Number(jobs) };
    for (const [name, value] of Object.entries(numbers))
      if (!Number.isSafeInteger(value) || value < 1) return `--${name} must be a whole number of at least 1.`;
    return { ...rest, ...numbers, record, only, patches };
  } catch (error) {
    return (error as Error).message;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main();
