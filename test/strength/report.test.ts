import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../support/source-tree.ts';
import { bugs } from './bugs.ts';
import { mergedScores, mutantBlock, percentOf, scoresOf } from './mutant-report.ts';
import { blockOf, merged, type Report, rowOf, tableOf, totalsOf, withBlock } from './report.ts';

const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');

describe('docs/strength.md', () => {
  const document = read('docs/strength.md');

  it('tells of the seeded bugs what was measured last', () => {
    const measured: Report = JSON.parse(read('test/strength/report.json'));
    expect(document).toBe(withBlock(document, 'seeded bugs', blockOf(measured)));
  });

  it('tells of every bug there is, and of no other', () => {
    const measured: Report = JSON.parse(read('test/strength/report.json'));
    expect(measured.bugs.map(({ title }) => title)).toEqual(bugs.map(({ title }) => title));
  });

  it('tells of the mutants what was measured last', () => {
    const measured = JSON.parse(read('test/strength/mutants.json'));
    expect(document).toBe(withBlock(document, 'mutants', mutantBlock(measured)));
  });
});

describe('README.md', () => {
  it('says the same as a whole', () => {
    const measured: Report = JSON.parse(read('test/strength/report.json'));
    const [mutants = ''] = mutantBlock(JSON.parse(read('test/strength/mutants.json')))
      .trim()
      .split('\n');
    const said = [...totalsOf(measured), mutants].map((line) => `> ${line}`).join('\n');
    expect(read('README.md')).toContain(`\n${said}\n`);
  });
});

describe('a measurement', () => {
  const kill = (broke: string, runs: number, steps: number) => ({ broke, runs, steps });
  const found = rowOf({
    title: 'found',
    by: 'client',
    kills: [kill('a', 9, 3), kill('b', 1, 2), kill('a', 5, 4)],
  });
  const missed = rowOf({ title: 'missed', by: 'client', kills: [null, kill('a', 70, 6), null] });
  const stored = rowOf({ title: 'stored', by: 'store', kills: [{ broke: 'a case', runs: 2 }] });

  it('counts the seeds that found a bug, and takes medians over those', () => {
    expect(found).toEqual({ title: 'found', by: 'client', killed: 3, of: 3, runs: 5, broke: 'a', steps: 3 });
    expect(missed).toEqual({
      title: 'missed',
      by: 'client',
      killed: 1,
      of: 3,
      runs: 70,
      broke: 'a',
      steps: 6,
    });
    expect(stored).toEqual({
      title: 'stored',
      by: 'store',
      killed: 1,
      of: 1,
      runs: 2,
      broke: 'a case',
      steps: null,
    });
    const nothing = rowOf({ title: 'no', by: 'client', kills: [null] });
    expect(nothing).toMatchObject({ killed: 0, runs: null, broke: null, steps: null });
  });

  it('counts as killed only what every seed has found', () => {
    const totals = totalsOf({ seeds: 3, runs: 100, bugs: [found, missed, stored] }).join(' ');
    expect(totals).toContain('Random runs kill 1 of 2 bugs on every one of 3 seeds within 100 runs');
    expect(totals).toContain('kill 1 of 1 in places');
  });

  it('of some bugs stands beside what is known of the others, if that was measured alike', () => {
    const seeds = 3;
    const kept = { seeds, runs: 100, bugs: [missed, stored, { ...found, title: 'given up' }] };
    const measured = { seeds, runs: 100, bugs: [{ ...missed, killed: 3 }, found] };
    const titles = ['found', 'missed', 'stored'];
    expect(merged(kept, measured, titles).bugs).toEqual([found, { ...missed, killed: 3 }, stored]);
    expect(merged({ ...kept, runs: 200 }, measured, titles).bugs).toEqual([found, { ...missed, killed: 3 }]);
    expect(merged(undefined, measured, titles).bugs).toHaveLength(2);
  });

  it('shows each bug on a line, and which of them survives', () => {
    const nothing = rowOf({ title: 'no', by: 'client', kills: [null] });
    const lines = tableOf([found, nothing]).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^\| found +\| 3\/3 +\| 5 +\| 3 +\| a +\|$/);
    expect(lines[3]).toContain('**survives**');
  });

  it('has its place in a document between two marks', () => {
    const document = 'one\n<!-- x -->\nold\n<!-- end of x -->\ntwo\n';
    expect(withBlock(document, 'x', 'new')).toBe('one\n<!-- x -->\n\nnew\n\n<!-- end of x -->\ntwo\n');
    expect(() => withBlock(document, 'y', 'new')).toThrow('<!-- y --> … <!-- end of y -->');
  });
});

describe('the scores of mutants', () => {
  const mutants = (...statuses: string[]) => ({ mutants: statuses.map((status) => ({ status })) });
  const scores = scoresOf('part', {
    files: {
      'b.ts': mutants('Killed', 'Survived', 'NoCoverage', 'Timeout'),
      'a.ts': mutants('Killed', 'Ignored', 'RuntimeError'),
      'c.ts': mutants('Ignored'),
    },
  });

  it('take what hangs for killed, what no test runs for survived, and leave the rest out', () => {
    expect(scores).toEqual([
      { part: 'part', file: 'a.ts', killed: 1, survived: 0 },
      { part: 'part', file: 'b.ts', killed: 2, survived: 2 },
    ]);
    expect(percentOf(scores)).toBeCloseTo(60);
    expect(percentOf([])).toBe(0);
  });

  it('stand in place of those that were known of the same files, beside the others, in the order of the parts', () => {
    const score = (part: string, file: string, killed: number) => ({ part, file, killed, survived: 0 });
    const kept = [score('two', 'x.ts', 1), score('one', 'b.ts', 2), score('one', 'c.ts', 3)];
    const measured = [score('one', 'c.ts', 4), score('one', 'a.ts', 5)];
    expect(mergedScores(kept, measured, ['one', 'two'])).toEqual([
      score('one', 'a.ts', 5),
      score('one', 'b.ts', 2),
      score('one', 'c.ts', 4),
      score('two', 'x.ts', 1),
    ]);
    expect(mergedScores([], measured, ['one'])).toEqual([measured[1], measured[0]]);
  });

  it('are told by file, by part and in all', () => {
    const block = mutantBlock(scores);
    expect(block).toContain('kill 3 of 5 mutants, 60.0 %');
    expect(block).toContain('| b.ts | 4 | 2 | 50.0 |');
    expect(block).toContain('| **part** | 5 | 3 | 60.0 |');
  });
});
