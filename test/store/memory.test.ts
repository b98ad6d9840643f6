import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/session/facts.ts';
import { type MemoryStoreOptions, memoryStore } from '../../src/store/memory.ts';
import type { SavedDocument, SessionHead, StoredSnapshot, StoreLease } from '../../src/store/port.ts';
import { codeOf, codeThrown } from '../support/errors.ts';
import { AT, createdFact, factOf } from '../support/facts.ts';

const opened = (options?: MemoryStoreOptions) => memoryStore(options).open({ owner: 'test' });
const fact = (seq: number, sessionId: string, sessionSeq: number) =>
  factOf({ seq, sessionId, sessionSeq }, 'conversation_cleared', {});
const ending = (seq: number, sessionId: string, sessionSeq: number) =>
  factOf({ seq, sessionId, sessionSeq }, 'session_terminated', { reason: 'normal' });
/** Facts `from` to `to` of one session. */
const life = (to: number, from = 1): Fact[] =>
  Array.from({ length: to - from + 1 }, (_, n) => fact(from + n, 'a', from + n));
const seqs = (records: Iterable<{ seq: number }>) => [...records].map(({ seq }) => seq);
const idsIn = (lease: StoreLease) => [...(lease.heads() as SessionHead[])].map(({ id }) => id);
const snapshotAt = (sessionSeq: number): StoredSnapshot => ({ sessionSeq, version: 1, data: {} });

describe('memoryStore', () => {
  it.each([
    [{ retainEvents: -1 }, 'options.retainEvents must be an integer from 0; received the number -1.'],
    [{ retainEvents: 1.5 }, 'options.retainEvents must be an integer from 0; received the number 1.5.'],
    [{ retainEvents: '5' }, 'options.retainEvents must be an integer from 0; received the string "5".'],
    [{ retain: 5 }, 'options has no option "retain"; it knows retainEvents.'],
    [null, 'options must be an object or undefined; received null.'],
  ])('refuses %j', (options, message) => {
    expect(() => memoryStore(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
    );
  });

  it('is empty at first', async () => {
    const lease = await opened();
    expect([lease.lastSeq, lease.cutSeq, idsIn(lease)]).toEqual([0, 0, []]);
    expect(seqs(lease.facts({ from: 0 }) as Fact[])).toEqual([]);
    expect(await lease.saved.list()).toEqual([]);
  });
});

describe('the lock', () => {
  it('is held by one owner at a time, who is named', async () => {
    const store = memoryStore();
    await store.open({ owner: 'first' });
    await expect(store.open({ owner: 'second' })).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      message: expect.stringContaining('belongs to "first"'),
      details: { owner: 'first' },
    });
  });

  it('is free once the lease is given back, which may be done twice', async () => {
    const store = memoryStore();
    const first = await store.open({ owner: 'first' });
    await first[Symbol.asyncDispose]();
    const second = await store.open({ owner: 'second' });
    await first[Symbol.asyncDispose]();
    expect(await codeOf(store.open({ owner: 'third' }))).toBe('STORE_LOCKED');
    expect([first.epoch, second.epoch]).toEqual([1, 2]);
  });

  it('fences the owner who has given it back', async () => {
    const store = memoryStore();
    const first = await store.open({ owner: 'first' });
    await first[Symbol.asyncDispose]();
    const second = await store.open({ owner: 'second' });
    expect(codeThrown(() => first.append([fact(1, 'a', 1)]))).toBe('STORE_LOCKED');
    expect(codeThrown(() => first.putSnapshot('a', snapshotAt(1)))).toBe('STORE_LOCKED');
    expect(codeThrown(() => first.saved.put(documentOf('a')))).toBe('STORE_LOCKED');
    expect(codeThrown(() => first.saved.delete('a'))).toBe('STORE_LOCKED');
    expect([second.lastSeq, await second.saved.list()]).toEqual([0, []]);
  });

  it('leaves the next owner all that the one before has left', async () => {
    const store = memoryStore({ retainEvents: 2 });
    const first = await store.open({ owner: 'first' });
    await first.append(life(3));
    await first.saved.put(documentOf('s'));
    await first[Symbol.asyncDispose]();
    const second = await store.open({ owner: 'second' });
    expect([second.lastSeq, second.cutSeq, idsIn(second)]).toEqual([3, 1, ['a']]);
    expect(seqs((await second.load('a')).records)).toEqual([1, 2, 3]);
    expect(await second.saved.get('s')).toEqual(documentOf('s'));
  });
});

describe('append', () => {
  it('keeps the facts of each session, and the newest seq', async () => {
    const lease = await opened();
    await lease.append([fact(1, 'a', 1), fact(2, 'b', 1)]);
    await lease.append([fact(3, 'a', 2)]);
    expect(lease.lastSeq).toBe(3);
    expect(idsIn(lease)).toEqual(['a', 'b']);
    expect(await lease.load('a')).toEqual({ records: [fact(1, 'a', 1), fact(3, 'a', 2)] });
    expect(seqs((await lease.load('b')).records)).toEqual([2]);
  });

  it('is at once: it returns no promise', async () => {
    const lease = await opened();
    expect(lease.append([fact(1, 'a', 1)])).toBeUndefined();
  });

  it('takes a batch in which sessions alternate', async () => {
    const lease = await opened();
    await lease.append([fact(1, 'a', 1), fact(2, 'b', 1), fact(3, 'a', 2), fact(4, 'b', 2)]);
    expect([seqs((await lease.load('a')).records), seqs((await lease.load('b')).records)]).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it.each([
    ['that leaves one out', [fact(3, 'a', 4)]],
    ['that repeats one', [fact(3, 'a', 2)]],
    ['that goes back', [fact(3, 'a', 1)]],
    ['of a new session that does not start at 1', [fact(3, 'new', 2)]],
    ['whose second part is wrong', [fact(3, 'a', 3), fact(4, 'a', 5)]],
    ['whose other session is wrong', [fact(3, 'a', 3), fact(4, 'b', 2)]],
  ])('refuses a batch %s, and keeps nothing of it', async (_what, batch) => {
    const lease = await opened();
    await lease.append(life(2));
    expect(codeThrown(() => lease.append(batch))).toBe('STORE_FAILED');
    expect([lease.lastSeq, idsIn(lease)]).toEqual([2, ['a']]);
    expect(seqs((await lease.load('a')).records)).toEqual([1, 2]);
    expect(seqs(lease.facts({ from: 0 }) as Fact[])).toEqual([1, 2]);
    await lease.append([fact(3, 'a', 3)]);
    expect(lease.lastSeq).toBe(3);
  });

  it('says of a fact that it refuses which one it expected', async () => {
    const lease = await opened();
    await lease.append(life(2));
    expect(() => lease.append([fact(3, 'a', 4)])).toThrow(
      'Fact 4 of session "a" was appended where 3 was expected.',
    );
  });

  it('with numbers left out keeps as many facts as ever, and gives none again', async () => {
    const lease = await opened({ retainEvents: 3 });
    await lease.append(life(4));
    await lease.append([fact(100, 'a', 5)]);
    expect([lease.cutSeq, seqs(lease.facts({ from: 0 }) as Fact[])]).toEqual([2, [3, 4, 100]]);
    expect(seqs(lease.facts({ from: 50 }) as Fact[])).toEqual([100]);
  });

  it('of a session_terminated removes its session; its facts stay for cursors', async () => {
    const lease = await opened();
    await lease.append([fact(1, 'b', 1), fact(2, 'a', 1), ending(3, 'a', 2)]);
    expect(idsIn(lease)).toEqual(['b']);
    expect(await lease.load('a')).toEqual({ records: [] });
    expect(seqs(lease.facts({ from: 0, sessionId: 'a' }) as Fact[])).toEqual([2, 3]);
    await lease.append([createdFact({ seq: 4, sessionId: 'a', sessionSeq: 1 })]);
    expect(seqs((await lease.load('a')).records)).toEqual([4]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for an id like any other', async (id) => {
    const lease = await opened();
    expect(await lease.load(id)).toEqual({ records: [] });
    await lease.append([fact(1, id, 1)]);
    expect(seqs((await lease.load(id)).records)).toEqual([1]);
  });
});

describe('load', () => {
  it('gives a list of its own, which later facts do not change', async () => {
    const lease = await opened();
    await lease.append(life(1));
    const { records } = await lease.load('a');
    await lease.append(life(2, 2));
    expect(seqs(records)).toEqual([1]);
  });
});

describe('a snapshot', () => {
  it.each([1, 4])('of a moment that is gone or has not come, fact %i, is refused', async (sessionSeq) => {
    const lease = await opened();
    await lease.append(life(3));
    await lease.putSnapshot('a', snapshotAt(2));
    expect(codeThrown(() => lease.putSnapshot('a', snapshotAt(sessionSeq)))).toBe('STORE_FAILED');
    expect((await lease.load('a')).snapshot?.sessionSeq).toBe(2);
  });

  it('stands for the facts up to it, which load gives no more', async () => {
    const lease = await opened();
    await lease.append(life(5));
    await lease.putSnapshot('a', snapshotAt(3));
    const { snapshot, records } = await lease.load('a');
    expect([snapshot, seqs(records)]).toEqual([snapshotAt(3), [4, 5]]);
    await lease.append(life(6, 6));
    await lease.putSnapshot('a', snapshotAt(6));
    await lease.append(life(7, 7));
    expect(await lease.load('a')).toEqual({ snapshot: snapshotAt(6), records: life(7, 7) });
  });

  it('takes no fact from cursors', async () => {
    const lease = await opened();
    await lease.append(life(3));
    await lease.putSnapshot('a', snapshotAt(3));
    expect(seqs(lease.facts({ from: 0 }) as Fact[])).toEqual([1, 2, 3]);
  });

  it('of a session that has ended meanwhile is dropped', async () => {
    const lease = await opened();
    await lease.append([fact(1, 'a', 1), ending(2, 'a', 2)]);
    await lease.putSnapshot('a', snapshotAt(1));
    expect(idsIn(lease)).toEqual([]);
    expect(await lease.load('a')).toEqual({ records: [] });
  });
});

describe('facts', () => {
  it('are those after a cursor, of all sessions or of one, up to a limit', async () => {
    const lease = await opened();
    await lease.append([fact(1, 'a', 1), fact(2, 'b', 1)]);
    await lease.append([fact(3, 'a', 2), fact(4, 'a', 3)]);
    const read = (query: Parameters<typeof lease.facts>[0]) => seqs(lease.facts(query) as Fact[]);
    expect(read({ from: 0 })).toEqual([1, 2, 3, 4]);
    expect(read({ from: 2 })).toEqual([3, 4]);
    expect(read({ from: 4 })).toEqual([]);
    expect(read({ from: 9 })).toEqual([]);
    expect(read({ from: 0, sessionId: 'a', limit: 2 })).toEqual([1, 3]);
    expect(read({ from: 0, limit: 0 })).toEqual([]);
    expect(read({ from: 0, sessionId: 'c' })).toEqual([]);
  });

  it.each([1, 3, 4])('are the newest %d at most; cutSeq is the newest that is gone', async (retainEvents) => {
    const lease = await opened({ retainEvents });
    for (let seq = 1; seq <= 10; seq++) {
      await lease.append(life(seq, seq));
      expect(lease.cutSeq).toBe(Math.max(0, seq - retainEvents));
    }
    const kept = Array.from({ length: retainEvents }, (_, n) => 10 - retainEvents + 1 + n);
    expect(seqs(lease.facts({ from: 0 }) as Fact[])).toEqual(kept);
    expect(seqs((await lease.load('a')).records)).toHaveLength(10);
  });

  it('need not start at 1: a store may have had others before', async () => {
    const lease = await opened();
    await lease.append([fact(5, 'a', 1)]);
    expect(seqs(lease.facts({ from: 0 }) as Fact[])).toEqual([5]);
  });

  it('can be none at all', async () => {
    const lease = await opened({ retainEvents: 0 });
    await lease.append(life(3));
    expect([lease.cutSeq, lease.lastSeq]).toEqual([3, 3]);
    expect(seqs(lease.facts({ from: 0 }) as Fact[])).toEqual([]);
    expect(seqs((await lease.load('a')).records)).toEqual([1, 2, 3]);
  });

  it('are 10,000 by default', async () => {
    const lease = await opened();
    await lease.append(life(10_001));
    expect([lease.cutSeq, seqs(lease.facts({ from: 0 }) as Fact[]).length]).toEqual([1, 10_000]);
  });

  it('stay as they were read, whatever is appended meanwhile', async () => {
    const lease = await opened({ retainEvents: 2 });
    await lease.append(life(2));
    const read = lease.facts({ from: 0 }) as Fact[];
    await lease.append(life(4, 3));
    expect(seqs(read)).toEqual([1, 2]);
  });
});

function documentOf(id: string): SavedDocument {
  return { id, savedAt: AT, messageCount: 0, metadata: {}, version: 1, data: {} };
}

describe('saved sessions', () => {
  it('are put, read, replaced, listed and deleted, apart from the live ones', async () => {
    const lease = await opened();
    const { saved } = lease;
    await saved.put(documentOf('a'));
    await saved.put(documentOf('b'));
    await saved.put({ ...documentOf('a'), messageCount: 7 });
    expect(await saved.get('a')).toMatchObject({ id: 'a', messageCount: 7 });
    expect((await saved.list()).map(({ id }) => id)).toEqual(['a', 'b']);
    expect([await saved.delete('a'), await saved.delete('a')]).toEqual([true, false]);
    expect([await saved.get('a'), (await saved.list()).length]).toEqual([undefined, 1]);
    expect(idsIn(lease)).toEqual([]);
  });

  it('give a list of their own', async () => {
    const { saved } = await opened();
    const before = await saved.list();
    await saved.put(documentOf('a'));
    expect(before).toEqual([]);
  });
});
