import { describe, expect, it } from 'vitest';
import { factEntry } from '../../src/inspect/fact-entry.ts';
import { Redaction } from '../../src/inspect/redaction.ts';
import { createdFact, factOf } from '../support/facts.ts';

describe('the entry of a fact', () => {
  it('holds the very fact, without a copy', () => {
    const fact = createdFact({ seq: 1 });
    const { entry } = factEntry(fact, 7, new Redaction());
    expect(entry).toEqual({ step: 0, atMs: 7, kind: 'fact', fact });
    expect(entry.kind === 'fact' && entry.fact).toBe(fact);
  });

  it('hides what is to be hidden', () => {
    const fact = factOf({ seq: 2 }, 'working_context_updated', { key: 'token', value: 'secret' });
    const { entry } = factEntry(fact, 0, new Redaction(['workingContext.token']));
    expect(entry).toMatchObject({ fact: { payload: { key: 'token', value: '(redacted)' } } });
  });

  it.each([
    ['a small one', 'x'],
    ['a large one', 'x'.repeat(100_000)],
    ['one of many parts', Array.from({ length: 500 }, (_, n) => ({ n, text: 'some words' }))],
  ])('says about how large it is: %s', (_, value) => {
    const fact = factOf({ seq: 2 }, 'working_context_updated', { key: 'k', value });
    const { bytes } = factEntry(fact, 0, new Redaction());
    const real = JSON.stringify(fact).length;
    expect(bytes).toBeGreaterThan(real * 0.7);
    expect(bytes).toBeLessThan(real * 1.5 + 100);
  });
});
