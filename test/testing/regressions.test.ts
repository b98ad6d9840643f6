import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepRegression, readRegressions } from '../../src/testing/regressions.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartroom-regressions-'));
  file = join(folder, 'verified/regressions.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const stuck = {
  kind: 'machine',
  subject: 'door',
  invariant: 'it can end',
  run: { events: ['open'] },
} as const;

describe('the file of regressions', () => {
  it('holds none before it is there', async () => {
    expect(await readRegressions(file, 'machine', 'door')).toEqual([]);
  });

  it('keeps a run under a name that says what broke', async () => {
    expect(await keepRegression(file, stuck)).toBe('door: it can end');
    expect(await readRegressions(file, 'machine', 'door')).toEqual([{ name: 'door: it can end', ...stuck }]);
  });

  it('gives each run a name of its own, and keeps the order', async () => {
    await keepRegression(file, stuck);
    expect(await keepRegression(file, { ...stuck, run: { events: [] } })).toBe('door: it can end (2)');
    const names = (await readRegressions(file, 'machine', 'door')).map(({ name }) => name);
    expect(names).toEqual(['door: it can end', 'door: it can end (2)']);
  });

  it('keeps the same run once', async () => {
    await keepRegression(file, stuck);
    const text = readFileSync(file, 'utf8');
    expect(await keepRegression(file, { ...stuck, invariant: 'something else' })).toBe('door: it can end');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('serves several subjects, and kinds of one name', async () => {
    await keepRegression(file, stuck);
    await keepRegression(file, { ...stuck, subject: 'window' });
    await keepRegression(file, { ...stuck, kind: 'client', run: 1 });
    expect(await readRegressions(file, 'machine', 'window')).toHaveLength(1);
    expect(await readRegressions(file, 'client', 'door')).toHaveLength(1);
  });

  it('keeps what several writers bring at the same time', async () => {
    const runs = Array.from({ length: 12 }, (_, n) => ({ ...stuck, run: { n } }));
    await Promise.all(runs.map((each) => keepRegression(file, each)));
    const kept = await readRegressions(file, 'machine', 'door');
    expect(new Set(kept.map(({ run }) => JSON.stringify(run))).size).toBe(12);
    expect(new Set(kept.map(({ name }) => name)).size).toBe(12);
  });

  it('is not barred for ever by a writer that died', async () => {
    await keepRegression(file, stuck);
    const lock = `${file}.lock`;
    writeFileSync(lock, '');
    const past = new Date(Date.now() - 60_000);
    utimesSync(lock, past, past);
    await keepRegression(file, { ...stuck, run: 2 });
    expect(await readRegressions(file, 'machine', 'door')).toHaveLength(2);
  });

  it('leaves nothing beside it', async () => {
    await keepRegression(file, stuck);
    expect(readdirSync(join(folder, 'verified'))).toEqual(['regressions.json']);
  });

  it.each([
    ['cut short', '{"format":"chartroom-regre', /is no JSON/],
    ['of another format', '{"format":"x"}', /expected "format": "chartroom-regressions"/],
    ['of a later version', '{"format":"chartroom-regressions","version":2}', /"version": 1/],
    [
      'with a nameless run',
      '{"format":"chartroom-regressions","version":1,"regressions":[{}]}',
      /each with name/,
    ],
    ['empty', '', /is no JSON/],
    ['null', 'null', /expected "format"/],
  ])('is refused, and left as it is, when it is %s', async (_what, text, message) => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, text);
    await expect(readRegressions(broken, 'machine', 'door')).rejects.toThrow(message);
    await expect(keepRegression(broken, stuck)).rejects.toThrow(/Mend it, or delete it/);
    expect(readFileSync(broken, 'utf8')).toBe(text);
  });
});
