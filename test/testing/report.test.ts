import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { VerificationError } from '../../src/testing/report.ts';
import type { Trace } from '../../src/testing/trace.ts';

const trace: Trace = {
  format: 'chartroom-trace',
  version: 1,
  kind: 'machine',
  subject: 'door',
  seed: 7,
  path: '3:1',
  definitions: {},
  steps: [],
  entries: [],
  failure: { invariant: 'it can end', message: 'stuck in ajar', step: 1, entries: 0 },
  run: { mark: 'of the run' },
};
const failure = {
  invariant: 'it can end',
  reason: 'stuck in ajar',
  seed: 7,
  path: '3:1',
  steps: ['open', 'jam', 'close'],
  trace,
  runs: 12,
};

describe('a VerificationError', () => {
  it('says what broke, the smallest run, where it breaks, and how to see it again', () => {
    expect(new VerificationError(failure).message).toBe(
      [
        'door breaks "it can end": stuck in ajar',
        '',
        'The smallest run that does so, found in run 12:',
        '  1. open',
        '  2. jam   ← breaks here',
        '  3. close',
        '',
        "Again: { seed: 7, path: '3:1' }",
      ].join('\n'),
    );
  });

  it('names the kept run that fails again, and the file of its trace, instead of a seed', () => {
    const { message } = new VerificationError({ ...failure, regression: 'jam', traceFile: '/tmp/door.json' });
    expect(message).toContain('The kept run "jam" does so:');
    expect(message).toContain('Trace: /tmp/door.json');
    expect(message).not.toContain('Again');
  });

  it('says what could not be written', () => {
    const unwritten = ['The trace could not be written: EACCES'];
    expect(new VerificationError({ ...failure, unwritten }).message).toMatch(
      /\nThe trace could not be written: EACCES$/,
    );
  });

  it('names the seed alone where there is no path to the run', () => {
    expect(new VerificationError({ ...failure, path: '' }).message).toContain('Again: { seed: 7 }');
  });

  it('has no cause where none is known', () => {
    expect(new VerificationError(failure)).not.toHaveProperty('cause');
  });

  it('carries what a program needs', () => {
    const cause = new Error('why');
    const error = new VerificationError({ ...failure, cause });
    expect(error).toMatchObject({ invariant: 'it can end', seed: 7, path: '3:1', runs: 12, cause });
    expect(error.steps).toEqual(['open', 'jam', 'close']);
    expect(error.trace).toBe(trace);
  });

  it('does not spill its trace where errors are printed', () => {
    const error = new VerificationError(failure);
    expect(inspect(error)).not.toContain('of the run');
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'VerificationError',
      message: error.message,
      invariant: 'it can end',
      seed: 7,
      path: '3:1',
      runs: 12,
    });
  });
});
