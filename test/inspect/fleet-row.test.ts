import { describe, expect, it } from 'vitest';
import { changeOf, isSameError, leftRow, sinceAtLeast, unknownRow } from '../../src/inspect/fleet-row.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { applyFact } from '../../src/session/state.ts';
import { AT, createdFact, statusFact } from '../support/facts.ts';

const row = { ...unknownRow({ id: 'a', seq: 7 }), asleep: false, messages: 3, tasks: 1 };
const error = { name: 'Error', message: 'no' };

describe('a change of a row', () => {
  it('is none where nothing is new', () => {
    expect(changeOf(row, { ...row })).toBeUndefined();
  });

  it('has the fields that are new, and null for one that is gone', () => {
    expect(changeOf(row, { ...row, messages: 4, reason: 'enough' })).toEqual({
      id: 'a',
      messages: 4,
      reason: 'enough',
    });
    expect(changeOf({ ...row, reason: 'enough', error }, row)).toEqual({
      id: 'a',
      reason: null,
      error: null,
    });
  });

  it.each(Object.keys({ ...row, reason: '', error: '' }).filter((key) => key !== 'id'))(
    'is seen in every field: %s',
    (field) => {
      expect(changeOf(row, { ...row, [field]: 'another' } as never)).toEqual({ id: 'a', [field]: 'another' });
    },
  );
});

describe('the row of a session that is not in memory', () => {
  it('is empty when nobody has seen it awake', () => {
    expect(unknownRow({ id: 'a', seq: 7 })).toMatchObject({
      id: 'a',
      seq: 7,
      asleep: true,
      messages: 0,
      createdAt: 0,
    });
  });

  it('is what it was, asleep or at its end', () => {
    expect(leftRow(row, false, undefined)).toEqual({ ...row, asleep: true, tasks: 0 });
    expect(leftRow(row, true, 'enough')).toEqual({
      ...row,
      tasks: 0,
      status: 'terminated',
      reason: 'enough',
    });
  });
});

describe('since when a session has its status', () => {
  const later = '2026-01-02T00:00:00.000Z';
  const stateIn = (status: 'active' | 'idle') =>
    [createdFact({ seq: 1 }), statusFact({ seq: 2, at: later }, status, 'initializing')].reduce(
      (state, fact) => applyFact(state, fact),
      undefined as ReturnType<typeof applyFact> | undefined,
    ) as ReturnType<typeof applyFact>;

  it('is its creation while it may have been active all along, else the last that it was heard of', () => {
    expect(sinceAtLeast(new SessionEntry(stateIn('active'), 0))).toBe(AT);
    expect(sinceAtLeast(new SessionEntry(stateIn('idle'), 0))).toBe(later);
  });
});

describe('an error', () => {
  it('is the same as another that says the same', () => {
    expect(isSameError(error, { ...error })).toBe(true);
    expect(isSameError(error, { ...error, code: 'E1' })).toBe(false);
    expect(isSameError(error, { ...error, message: 'yes' })).toBe(false);
  });
});
