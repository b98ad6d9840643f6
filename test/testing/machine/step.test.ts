import { describe, expect, it } from 'vitest';
import { decodeRun, encodeRun, inWords, type Run, startInWords } from '../../../src/testing/machine/step.ts';

const run: Run = {
  start: { input: { id: 1 } },
  steps: [
    { do: 'send', event: { type: 'OPEN', force: true } },
    { do: 'send', event: { type: 'SHUT' } },
    { do: 'wait', ms: 250 },
    { do: 'wait', ms: 'next' },
    { do: 'save' },
    { do: 'actor', actor: 'load', nth: 0, act: 'resolves', value: { a: 1 } },
    { do: 'actor', actor: 'load', nth: 1, act: 'rejects', value: new RangeError('no') },
    { do: 'actor', actor: 'load', nth: 0, act: 'resolves', value: undefined },
  ],
};

describe('in words', () => {
  it('a run reads like a story', () => {
    expect([startInWords(run.start), ...run.steps.map(inWords)]).toEqual([
      'start with {"id":1}',
      'OPEN {"force":true}',
      'SHUT',
      'clock + 250 ms',
      'clock to the next deadline',
      'save and restore',
      'load resolves {"a":1}',
      'load (number 2) rejects RangeError: no',
      'load resolves',
    ]);
    expect(startInWords({})).toBe('start');
    expect(startInWords({ older: 3 })).toBe('start from older snapshot 3');
  });
});

describe('a run as JSON', () => {
  it('comes back as it was, errors too', () => {
    const encoded = encodeRun(run);
    if (!('run' in encoded)) throw new Error(encoded.reason);
    const back = decodeRun(JSON.parse(JSON.stringify(encoded.run)));
    expect(back.steps.toSpliced(6, 1)).toEqual(run.steps.toSpliced(6, 1));
    expect(back.start).toEqual(run.start);
    const rejects = back.steps[6];
    const error = rejects?.do === 'actor' ? rejects.value : undefined;
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('RangeError: no');
    expect(Object.keys(error as Error)).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['a date', new Date(0), /steps\[0\]\.event\.x is \{"\(Date\)".*JSON cannot hold/],
    ['a map', new Map(), /steps\[0\]\.event\.x is/],
    ['a function', () => {}, /steps\[0\]\.event\.x is "\(function\)"/],
    ['a bigint', 1n, /BigInt/],
  ])('cannot be with %s in a payload, and says where', (_, x, reason) => {
    const encoded = encodeRun({ start: {}, steps: [{ do: 'send', event: { type: 'A', x } }] });
    expect('reason' in encoded && encoded.reason).toMatch(reason);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['no steps', { start: {} }],
    ['no start', { steps: [] }],
    ['an unknown step', { start: {}, steps: [{ do: 'dance' }] }],
    ['a step that is none', { start: {}, steps: [null] }],
    ['an event without a type', { start: {}, steps: [{ do: 'send', event: {} }] }],
    ['a wait for ever', { start: {}, steps: [{ do: 'wait', ms: 'ever' }] }],
    ['an unknown act', { start: {}, steps: [{ do: 'actor', actor: 'a', nth: 0, act: 'sings' }] }],
  ])('is refused with %s', (_, json) => {
    expect(() => decodeRun(json)).toThrow(/This is no run of a machine: expected \{ start, steps \}/);
  });
});
