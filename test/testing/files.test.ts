import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepTrace } from '../../src/testing/files.ts';
import { parseTrace, type Trace } from '../../src/testing/trace.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartroom-traces-'));
});
afterEach(() => {
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true });
});

const trace: Trace = {
  format: 'chartroom-trace',
  version: 1,
  kind: 'machine',
  subject: 'front/door',
  seed: 7,
  path: '',
  definitions: {},
  steps: [],
  entries: [],
  run: {},
};

describe('keepTrace', () => {
  it('writes it where it was told, under its subject and its seed', async () => {
    const file = await keepTrace(join(folder, 'a/b'), trace);
    expect(file).toBe(join(folder, 'a/b/front-door-7.trace.json'));
    expect(parseTrace(readFileSync(String(file), 'utf8'))).toEqual(trace);
  });

  it('writes it among the temporary files when nobody says where', async () => {
    const file = String(await keepTrace(undefined, { ...trace, subject: 'chartroom-own-test' }));
    expect(file).toBe(join(tmpdir(), 'chartroom/chartroom-own-test-7.trace.json'));
    rmSync(file);
  });

  it('gives a name to every subject', async () => {
    const names = ['../..', 'ä ö', 'x'.repeat(300)].map((subject) => ({ ...trace, subject }));
    const files: Array<string | undefined> = [];
    for (const each of names) files.push(await keepTrace(folder, each));
    expect(files.map((file) => file?.slice(folder.length + 1))).toEqual([
      'run-7.trace.json',
      'run-7-2.trace.json',
      `${'x'.repeat(80)}-7.trace.json`,
    ]);
  });

  it('leaves the trace of another failure as it is, and writes anew that of the same', async () => {
    const other = { ...trace, run: { other: true } };
    const file = await keepTrace(folder, trace);
    expect(await Promise.all([keepTrace(folder, other), keepTrace(folder, other)])).toContain(
      join(folder, 'front-door-7-2.trace.json'),
    );
    expect(await keepTrace(folder, { ...trace, path: '3' })).toBe(file);
    expect(parseTrace(readFileSync(String(file), 'utf8'))).toEqual({ ...trace, path: '3' });
  });

  it('writes nothing when it is told so, nor in a page', async () => {
    expect(await keepTrace(false, trace)).toBeUndefined();
    vi.stubGlobal('process', undefined);
    expect(await keepTrace(folder, trace)).toBeUndefined();
  });
});
