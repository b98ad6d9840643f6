import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { damageOf, storedIds, storedSessions } from '../../src/store/inventory.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { importSession } from '../../src/store/transfer.ts';
import { codeOf } from '../support/errors.ts';
import { bareLease } from '../support/lease.ts';
import { turns } from '../support/turns.ts';
import { spoiledLease } from './damage.ts';
import { documentOf } from './documents.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('the inventory of a store', () => {
  it('says of each session what a listing needs, in the order of creation', async () => {
    const lease = await memoryStore().open({ owner: 'test' });
    const now = Date.UTC(2026, 0, 2);
    const document = documentOf('zoe');
    const config = { ...document.data.config, idleAfterMs: 500, terminateAfterMs: 700 };
    await importSession(lease, { ...document, data: { ...document.data, config } }, { now });
    await importSession(lease, documentOf('ada'), { now: now + 1 });
    expect(await all(storedSessions(lease))).toEqual([
      {
        id: 'zoe',
        seq: 13,
        status: 'active',
        metadata: { owner: 'me' },
        messageCount: 2,
        activeFileCount: 1,
        createdAt: '2026-01-02T00:00:00.000Z',
        updatedAt: '2026-01-02T00:00:00.000Z',
        lastActivityAt: '2026-01-02T00:00:00.000Z',
        wakeAt: now + 500,
      },
      expect.objectContaining({ id: 'ada', seq: 15, wakeAt: null }),
    ]);
  });

  it('shows only the statuses that are asked for', async () => {
    const lease = await spoiledLease();
    await lease.append([
      {
        seq: lease.lastSeq + 1,
        sessionId: 'bob',
        sessionSeq: 3,
        type: 'session_status',
        at: '2026-01-01T00:00:00.000Z',
        payload: { status: 'idle', previousStatus: 'active' },
      },
    ]);
    const ids = async (options?: Parameters<typeof storedSessions>[1]) =>
      (await all(storedSessions(lease, options))).map(({ id }) => id);
    expect(await ids({ status: 'idle' })).toEqual(['bob']);
    expect(await ids({ status: ['active'] })).toEqual(['ada', 'eve']);
    expect(await ids({ status: ['active', 'idle'] })).toEqual(['ada', 'bob', 'eve']);
    expect(await ids({ status: 'terminating' })).toEqual([]);
    expect(await codeOf(all(storedSessions(lease, { state: 'idle' } as never)))).toBe('INVALID_ARGUMENT');
  });

  it('has those that cannot be read in their places, with the reason', async () => {
    const lease = await spoiledLease({ load: (_, id) => (id === 'bob' ? { records: [] } : undefined) });
    const found = await all(storedSessions(lease));
    expect(found.map((info) => [info.id, 'damage' in info && info.damage.code])).toEqual([
      ['ada', false],
      ['bob', 'STORE_CORRUPT'],
      ['eve', false],
    ]);
    expect(found[1]).toEqual({
      id: 'bob',
      seq: 15,
      status: 'active',
      wakeAt: null,
      damage: { code: 'STORE_CORRUPT', reason: 'Session "bob" is stored without a single fact.' },
    });
  });

  it('asks for few sessions at once', async () => {
    let asked = 0;
    let most = 0;
    const head = { sessionSeq: 1, status: 'active', wakeAt: null };
    const heads = Array.from({ length: 100 }, (_, n) => ({ ...head, id: `s${n}`, seq: n + 1 }));
    const lease = bareLease({
      heads: ({ after = 0, limit = 0 } = {}) => heads.filter(({ seq }) => seq > after).slice(0, limit),
      head: (id) => heads.find((each) => each.id === id),
      async load() {
        asked += 1;
        most = Math.max(most, asked);
        await turns(1);
        asked -= 1;
        return { records: [] };
      },
    });
    expect((await all(storedSessions(lease))).map(({ id }) => id)).toEqual(heads.map(({ id }) => id));
    expect(most).toBe(16);
  });

  it('leaves out what ended while it was made', async () => {
    const gone = { id: 'a', seq: 1, sessionSeq: 1, status: 'active', wakeAt: null };
    const lease = bareLease({ heads: () => [gone], head: () => undefined });
    expect(await all(storedSessions(lease))).toEqual([]);
  });

  it('ends when the store fails', async () => {
    const lease = await spoiledLease({
      load() {
        throw new SessionError('STORE_FAILED', 'the disk is gone');
      },
    });
    expect(await codeOf(all(storedSessions(lease)))).toBe('STORE_FAILED');
  });
});

describe('the ids of a large store', () => {
  it('are read a page at a time, each once', async () => {
    const heads = Array.from({ length: 600 }, (_, n) => ({
      id: `s${n}`,
      seq: n * 2 + 1,
      sessionSeq: 1,
      status: 'active',
      wakeAt: null,
    }));
    const pages: number[] = [];
    const lease = bareLease({
      heads: ({ after = 0, limit = 0 } = {}) => {
        pages.push(after);
        return heads.filter(({ seq }) => seq > after).slice(0, limit);
      },
    });
    expect(await storedIds(lease)).toEqual(heads.map(({ id }) => id));
    expect(pages).toEqual([0, 511, 1023]);
  });
});

it('what is no damage is thrown on', () => {
  const failure = new TypeError('a mistake of ours');
  expect(() => damageOf(failure)).toThrow(failure);
  expect(damageOf(new SessionError('STORE_CORRUPT', 'torn'))).toEqual({
    code: 'STORE_CORRUPT',
    reason: 'torn',
  });
});
