import { describe, expect, it } from 'vitest';
import { checksum } from '../../../src/store/sqlite/checksum.ts';
import {
  corruptSession,
  factText,
  headText,
  readFact,
  snapshotText,
} from '../../../src/store/sqlite/rows.ts';

const columns = { seq: 7, session: 5, session_seq: 2, type: 'x', at: 'then', payload: '{"n":1}' };
const text = factText('a', 7, 2, 'x', 'then', '{"n":1}');
const row = { ...columns, checksum: checksum(text, 5) };

describe('a row', () => {
  it('is read as the JSON of what it holds', () => {
    expect(JSON.parse(text)).toEqual({
      seq: 7,
      sessionId: 'a',
      sessionSeq: 2,
      type: 'x',
      at: 'then',
      payload: { n: 1 },
    });
    expect(JSON.parse(snapshotText(3, 1, '[]'))).toEqual({ sessionSeq: 3, version: 1, data: [] });
    const head = { id: 'a', seq: 1, session_seq: 2, status: 'idle', wake_at: null, snapshot_seq: 0 };
    const read = { id: 'a', seq: 1, sessionSeq: 2, status: 'idle', wakeAt: null };
    expect(JSON.parse(headText(head))).toEqual(read);
    expect(JSON.parse(headText({ ...head, wake_at: 5.5 }))).toEqual({ ...read, wakeAt: 5.5 });
  });

  it('that is whole is read', () => {
    expect(readFact('a', row)).toBe(text);
  });

  it.each([
    ['its seq', { seq: 8 }],
    ['its session', { session: 6 }],
    ['its place in the session', { session_seq: 3 }],
    ['its type', { type: 'y' }],
    ['its time', { at: 'now' }],
    ['its payload', { payload: '{"n":2}' }],
    ['its checksum', { checksum: row.checksum + 1 }],
  ])('is not read when %s was changed', (_what, change) => {
    expect(readFact('a', { ...row, ...change })).toBeUndefined();
  });

  it('is not read as that of another session', () => {
    expect(readFact('b', row)).toBeUndefined();
  });

  it('that cannot be read is told with its session and the reason', () => {
    expect(corruptSession('a\\"b', 'it is torn')).toMatchObject({
      code: 'STORE_CORRUPT',
      message: 'Session "a"b" cannot be read: it is torn.',
      sessionId: 'a"b',
      details: { reason: 'it is torn' },
    });
  });
});
