import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepFailure } from '../../src/testing/keeping.ts';
import type { Trace } from '../../src/testing/trace.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartroom-keeping-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const trace: Trace = {
  format: 'chartroom-trace',
  version: 1,
  kind: 'machine',
  subject: 'door',
  seed: 7,
  path: '',
  definitions: {},
  steps: [],
  entries: [],
  failure: { invariant: 'it can always be ended', message: 'stuck', step: 0, entries: 0 },
  run: { start: {}, steps: [] },
};

describe('what is kept of a failure', () => {
  it('is its trace, and its run in the file of kept ones', async () => {
    const regressions = join(folder, 'kept.json');
    const kept = await keepFailure(trace, { traceFolder: folder, regressions });
    expect(kept).toEqual({ traceFile: join(folder, 'door-7.trace.json'), unwritten: [] });
    expect(JSON.parse(readFileSync(regressions, 'utf8')).regressions).toMatchObject([
      { kind: 'machine', subject: 'door', invariant: 'it can always be ended', run: trace.run },
    ]);
  });

  it('may be nothing', async () => {
    expect(await keepFailure(trace, { traceFolder: false, regressions: undefined })).toEqual({
      unwritten: [],
    });
  });

  it('that cannot be written is said, and stops nothing', async () => {
    const file = join(folder, 'a file');
    writeFileSync(file, 'no folder, and no list of runs');
    const kept = await keepFailure(trace, { traceFolder: file, regressions: file });
    expect(kept.unwritten).toEqual([
      expect.stringMatching(/^The trace could not be written: EEXIST/),
      expect.stringMatching(/^The file of kept runs could not be written: .*is no file of regressions/),
    ]);
    expect(readFileSync(file, 'utf8')).toBe('no folder, and no list of runs');
  });
});
