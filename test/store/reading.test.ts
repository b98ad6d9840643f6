import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { toSaved } from '../../src/store/document.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { documentOf as documentFrom, isDamage, readSaved, readSession } from '../../src/store/reading.ts';
import { codeThrown, failureOf } from '../support/errors.ts';
import { type Spoil, spoiledLease } from './damage.ts';
import { documentOf, type Loose } from './documents.ts';

const reading = async (load: Spoil['load']) => readSession(await spoiledLease(load && { load }), 'ada');

describe('reading a session', () => {
  it('gives the fold of its facts', async () => {
    const state = await readSession(await spoiledLease(), 'ada');
    expect(state).toMatchObject({ id: 'ada', status: 'active', sessionSeq: 2, messageNumber: 5 });
  });

  it('gives nothing for one that is not there', async () => {
    expect(await readSession(await memoryStore().open({ owner: 'test' }), 'ada')).toBeUndefined();
  });

  it.each<[string, NonNullable<Spoil['load']>, string]>([
    ['whose facts are all gone', () => ({ records: [] }), 'is stored without a single fact.'],
    ['that lacks a fact', (stored) => void stored.records.shift(), 'has fact 2 where 1 was expected.'],
    [
      'that begins twice',
      (stored) => void Object.assign(stored.records[1], { type: 'session_created' }),
      'was created twice',
    ],
    [
      'whose fact is none',
      ({ records }) => void Object.assign(records[1], { payload: null }),
      'Cannot read properties of null',
    ],
    [
      'whose status is none',
      ({ records }) => void Object.assign(records[1].payload, { status: 'asleep' }),
      'the string "asleep" as its status, and cannot go on',
    ],
    [
      'that has ended',
      ({ records }) => void Object.assign(records[1].payload, { status: 'terminated' }),
      'the string "terminated"',
    ],
  ])('refuses one %s', async (_what, load, says) => {
    const error = await failureOf(reading(load));
    expect(error).toMatchObject({ code: 'STORE_CORRUPT', sessionId: 'ada' });
    expect(error.message).toContain(says);
    expect(isDamage(error)).toBe(true);
  });

  it('refuses one of a newer format as such', async () => {
    const snapshot = { sessionSeq: 2, version: 2, data: {} };
    const error = await failureOf(reading(() => ({ snapshot, records: [] })));
    expect(error).toMatchObject({ code: 'STORE_VERSION', sessionId: 'ada' });
    expect(isDamage(error)).toBe(true);
  });

  it('takes an id that is none, as only a damaged file has one, for damage', async () => {
    const error = await failureOf(readSession(await spoiledLease(), '../x'));
    expect(error).toMatchObject({ code: 'STORE_CORRUPT', sessionId: '../x' });
    expect(error.message).toMatch(/^Session "\.\.\/x" cannot be read: A session id must be/);
  });

  it.each([new SessionError('STORE_FAILED', 'the disk is gone'), new RangeError('a mistake in the store')])(
    'does not take the failure of a store for damage: %s',
    async (failure) => {
      const failing = reading(() => {
        throw failure;
      });
      await expect(failing).rejects.toBe(failure);
      expect(isDamage(failure)).toBe(false);
    },
  );
});

describe('the document of a state', () => {
  it('is refused when it holds what no store would take in', async () => {
    const state = await reading((stored) => {
      stored.records[0].payload.restored.files = [['', 'now']];
    });
    if (!state) throw new Error('it is there');
    expect(() => documentFrom(state, 0)).toThrow(
      'Session "ada" cannot be read: document.data.files[0][0] must be a string of 1 to 4096 characters',
    );
  });

  it('knows no limits of size: some manager has let in what is there', async () => {
    const state = await reading((stored) => {
      stored.records[0].payload.restored.workingContext = [['plan', 'x'.repeat(2_000_000)]];
    });
    if (!state) throw new Error('it is there');
    expect(documentFrom(state, 5)).toMatchObject({ id: 'ada', savedAt: '1970-01-01T00:00:00.005Z' });
  });
});

describe('a saved session', () => {
  const saved = (spoil: (document: Loose) => void) => {
    const document = JSON.parse(JSON.stringify(toSaved(documentOf())));
    spoil(document);
    return readSaved(document);
  };

  it('is its document', () => {
    expect(saved(() => {})).toEqual(documentOf());
  });

  it('that is damaged, or newer, is refused as such', () => {
    expect(codeThrown(() => saved((document) => void delete document.data.keyed))).toBe('STORE_CORRUPT');
    expect(codeThrown(() => saved((document) => void Object.assign(document, { version: 2 })))).toBe(
      'STORE_VERSION',
    );
  });
});

it.each([new Error('x'), undefined, { code: 'STORE_CORRUPT' }])('%s is no damage', (error) => {
  expect(isDamage(error)).toBe(false);
});
