import { describe, expect, it } from 'vitest';
import { checkTrace, parseTrace, type Trace } from '../../src/testing/trace.ts';

const trace: Trace = {
  format: 'chartroom-trace',
  version: 1,
  kind: 'machine',
  subject: 'door',
  seed: 7,
  path: '3:1',
  definitions: { door: { id: 'door' } },
  steps: [{ words: 'open', atMs: 0 }],
  entries: [{ step: 0, atMs: 0, kind: 'sent', definition: 'door', actor: 'door', event: { type: 'open' } }],
  failure: { invariant: 'no event makes it throw', message: 'it threw', step: 0, entries: 1 },
  run: { events: [] },
};

describe('parseTrace', () => {
  it('gives back what was written', () => {
    expect(parseTrace(JSON.stringify(trace))).toEqual(trace);
  });

  it('takes a run that went well', () => {
    const { failure: _, ...well } = trace;
    expect(parseTrace(JSON.stringify(well))).toEqual(well);
  });

  it('refuses what is no JSON', () => {
    expect(() => parseTrace('{"format":')).toThrow(SyntaxError);
  });
});

describe('checkTrace', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /^Not a trace: expected "format": "chartroom-trace", got null\.$/],
    ['a list', [trace], /^Not a trace/],
    ['another document', { format: 'chartroom-session' }, /got "chartroom-session"/],
    [
      'one of a later version',
      { ...trace, version: 2 },
      /version 2; this chartroom reads version 1.*newer one/,
    ],
    ['one without a version', { ...trace, version: undefined }, /version missing/],
    ['one of an unknown kind', { ...trace, kind: 'song' }, /unknown kind: "song"/],
    ['one cut short', { ...trace, entries: undefined }, /^Not a whole trace: entries is missing\.$/],
    ['one whose steps have no words', { ...trace, steps: [{ atMs: 0 }] }, /steps is/],
    ['one whose entries say nothing', { ...trace, entries: [{}] }, /entries is/],
    ['one without a subject', { ...trace, subject: 1 }, /subject is 1/],
    ['one whose seed is no number', { ...trace, seed: '7' }, /seed is "7"/],
    ['one without a path', { ...trace, path: null }, /path is null/],
    ['one without definitions', { ...trace, definitions: [] }, /definitions is \[\]/],
    ['one whose failure names no invariant', { ...trace, failure: {} }, /failure is \{\}/],
    ['one that cannot be run again', { ...trace, run: undefined }, /run is missing/],
  ])('refuses %s, and says why', (_what, value, message) => {
    expect(() => checkTrace(value)).toThrow(message);
  });

  it('refuses one that is nested without end, wherever it is', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 8000; level += 1) deep = [deep];
    for (const key of ['version', 'subject', 'run'])
      expect(() => checkTrace({ ...trace, [key]: deep })).toThrow(
        /^Not a trace: it is nested deeper than 1000 levels\.$/,
      );
  });

  it('does not repeat a long document in its message', () => {
    const huge = { ...trace, kind: 'x'.repeat(10_000) };
    expect(() => checkTrace(huge)).toThrow(/^.{0,200}$/);
  });
});
