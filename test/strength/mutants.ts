/** Runs Stryker on one part of the engine after another, and gathers how many mutants the unit tests kill. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type FileScore,
  mergedScores,
  mutantBlock,
  percentOf,
  scoresOf,
  tableOfScores,
} from './mutant-report.ts';
import { parts } from './parts.ts';
import { withBlock } from './report.ts';
import { root } from './scratch.ts';

const HELP = `Usage: node test/strength/mutants.ts [options]

  --part NAME        only this part; may be given several times (${Object.keys(parts).join(', ')})
  --mutate PATTERN   only what matches of the part, as Stryker takes it
  --concurrency N    mutants at a time (2)
  --measured         measure nothing, only tell what was measured before
  --record           write what is known to test/strength/mutants.json and docs/strength.md, file by file: of those
                     that nothing is known of here, what was recorded before stays
  --help             this text

Exit code 0 when at least 90 % of the mutants of each part are killed, 1 when fewer are, 2 for a wrong argument.
`;

const ENOUGH_PERCENT = 90;
const RECORD = { json: 'test/strength/mutants.json', document: 'docs/strength.md' };

function main(): number {
  const options = readArguments();
  if (typeof options === 'string') {
    console.error(`${options}\n\n${HELP}`);
    return 2;
  }
  const { part: names, mutate, concurrency, measured, record, help } = options;
  if (help) {
    console.log(HELP);
    return 0;
  }
  if (!measured)
    for (const name of names) {
      console.log(`\n▸ mutants of ${name}`);
      const args = [
        'run',
        '--concurrency',
        concurrency,
        ...(mutate === undefined ? [] : ['--mutate', mutate]),
      ];
      const { status } = spawnSync(join(root, 'node_modules/.bin/stryker'), args, {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, CHARTROOM_PART: name },
      });
      if (status !== 0) return 1;
    }
  const scores = names.flatMap((name) => readScores(name));
  console.log(`\n${tableOfScores(scores)}`);
  if (record) {
    const kept = mergedScores(readKept(), scores, Object.keys(parts));
    writeFileSync(join(root, RECORD.json), `${JSON.stringify(kept, null, 2)}\n`);
    const document = join(root, RECORD.document);
    writeFileSync(document, withBlock(readFileSync(document, 'utf8'), 'mutants', mutantBlock(kept)));
  }
  const scoresIn = (name: string) => scores.filter(({ part }) => part === name);
  const unknown = names.filter((name) => scoresIn(name).length === 0);
  const weak = names.filter((name) => !unknown.includes(name) && percentOf(scoresIn(name)) < ENOUGH_PERCENT);
  if (unknown.length > 0) console.error(`Not measured yet: ${unknown.join(', ')}.`);
  if (weak.length > 0) console.error(`Under ${ENOUGH_PERCENT} %: ${weak.join(', ')}.`);
  return weak.length + unknown.length === 0 ? 0 : 1;
}

/** What was recorded, but for files that are gone. */
function readKept(): FileScore[] {
  const file = join(root, RECORD.json);
  const kept: FileScore[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  return kept.filter((score) => existsSync(join(root, score.file)));
}

/** What Stryker has kept of its last measurement. */
function readScores(part: string): FileScore[] {
  const file = join(root, `.cache/stryker/${part}.json`);
  return existsSync(file) ? scoresOf(part, JSON.parse(readFileSync(file, 'utf8'))) : [];
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        part: { type: 'string', multiple: true, default: Object.keys(parts) },
        mutate: { type: 'string' },
        concurrency: { type: 'string', default: '2' },
        measured: { type: 'boolean', default: false },
        record: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = values.part.find((name) => !Object.hasOwn(parts, name));
    if (unknown !== undefined)
      return `There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.`;
    if (!/^[1-9]\d*$/.test(values.concurrency)) return '--concurrency must be a whole number of at least 1.';
    return values;
  } catch (error) {
    return (error as Error).message;
  }
}

process.exitCode = main();
