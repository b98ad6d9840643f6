import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exportSaved } from '../../src/store/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { atlas, figures, linesOf, type Run, shopFiles, writeFiles } from './run-atlas.ts';

const scratch = mkdtempSync(join(tmpdir(), 'atlas-kill-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const shop = writeFiles(join(scratch, 'shop'), shopFiles);

/** What a run has printed when `kill -9` comes: sessions opened, questions answered, one killed, some ended. */
const moments: ReadonlyArray<readonly [verb: string, lines: number]> = [
  ['opened', 4],
  ['indexed', 1],
  ['answered', 3],
  ['answered', 9],
  ['ended', 1],
];

/**
 * Started again and again until it is done, killed at these moments. A run that has done all when the last kill comes
 * leaves nothing to go on with: then all of it is done once more, in another file.
 */
async function killedAgainAndAgain(
  argsOf: (file: string) => readonly string[],
  attempt = 1,
): Promise<{ readonly file: string; readonly runs: readonly Run[] }> {
  const file = join(scratch, `killed-${attempt}.db`);
  const runs = await killedIn(argsOf(file));
  const wasDone = runs.length > moments.length && !/^Recovered/m.test(runs.at(-1)?.stdout ?? '');
  return wasDone && attempt < 5 ? killedAgainAndAgain(argsOf, attempt + 1) : { file, runs };
}

async function killedIn(args: readonly string[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const [verb, lines] of moments) {
    const when = (stdout: string) => linesOf(stdout, verb).length >= lines;
    runs.push(await atlas(args, { signal: { name: 'SIGKILL', when } }));
    if (runs.at(-1)?.code !== null) return runs; // it was quicker
  }
  return [...runs, await atlas(args)];
}

describe('the atlas, killed', { timeout: 180_000 }, () => {
  it('goes on where it was, and comes to the summary of a run that was not killed', async () => {
    const [whole, { file, runs }] = await Promise.all([
      atlas([shop, '--store', join(scratch, 'whole.db')]),
      killedAgainAndAgain((store) => [shop, '--store', store, '--pace', '2']),
    ]);
    const last = runs.at(-1) ?? whole;
    for (const { stderr } of runs) expect(stderr).toBe('');
    expect(runs.filter(({ code }) => code === null).length).toBeGreaterThanOrEqual(4);
    expect(last.code).toBe(0);
    expect(last.stdout).toContain('✓ isolated: all 8 checks hold');

    expect(figures(whole)).toMatchObject({ sessions: 10, ended: 9, killed: 1, files: 12 });
    expect(figures(last)).toEqual(figures(whole));

    // Of the first run nothing is left to recover; every later one says how many there were.
    expect(runs[0]?.stdout).not.toContain('Recovered');
    const recovered = runs.map(({ stdout }) => /^Recovered from (\d+) earlier run/m.exec(stdout)?.[1]);
    expect(recovered).toEqual([undefined, ...runs.slice(1).map((_, index) => `${index + 1}`)]);
    expect(last.stdout).toMatch(new RegExp(` s in ${runs.length} runs, `));

    // What one run has said happened, no other says again.
    for (const verb of ['opened', 'indexed', 'answered', 'killed', 'ended']) {
      const lines = runs.flatMap(({ stdout }) => linesOf(stdout, verb));
      expect(new Set(lines).size).toBe(lines.length);
    }
    const { victim } = figures(whole);
    const others = linesOf(whole.stdout, 'answered').filter((line) => !line.startsWith(`${victim} `));
    await expectWholeConversations(file, others.length);
  });

  it('by Ctrl-C ends in order, and the next start goes on', async () => {
    const args = [shop, '--store', join(scratch, 'interrupted.db')];
    const when = (stdout: string) => linesOf(stdout, 'answered').length > 0;
    const cut = await atlas([...args, '--pace', '20'], { signal: { name: 'SIGINT', when } });
    expect(cut.stderr).toBe('Interrupted: the sessions are kept, and npm start goes on where they are.\n');
    expect(cut.code).toBe(130);
    expect(cut.stdout).not.toContain('isolated');

    const next = await atlas(args);
    expect(next.code).toBe(0);
    expect(next.stdout).toMatch(/^Recovered from 1 earlier run: \d+ sessions.*; 12 files indexed/m);
  });
});

/** In the store itself: each conversation has each of its questions once, followed by its one answer. */
async function expectWholeConversations(file: string, answers: number): Promise<void> {
  await using lease = await sqliteStore(file, { readOnly: true }).open({ owner: 'the test' });
  const saved = await lease.saved.list();
  expect(saved).toHaveLength(9);
  let pairs = 0;
  for (const { id } of saved) {
    const { conversation } = (await exportSaved(lease, id)).data;
    const turns = conversation.map(([{ role, metadata, idempotencyKey }]) =>
      role === 'user' ? ['asked', idempotencyKey] : ['answered', metadata?.turnId],
    );
    const expected = turns.flatMap((_, n) => (n % 2 === 0 ? [`${id}/${n / 2 + 1}`] : []));
    expect(turns).toEqual(
      expected.flatMap((turnId) => [
        ['asked', turnId],
        ['answered', turnId],
      ]),
    );
    pairs += expected.length;
  }
  expect(pairs).toBe(answers);
}
