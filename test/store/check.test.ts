import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { createSessionManager } from '../../src/manager.ts';
import { type CheckProgress, checkStore, quarantinedSessions } from '../../src/store/check.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { StoreLease } from '../../src/store/port.ts';
import { codeOf } from '../support/errors.ts';
import { thawed } from '../support/frozen.ts';
import { type Spoil, spoiledLease } from './damage.ts';
import { media } from './media.ts';

const checking = async (spoil: Spoil) => checkStore(await spoiledLease(spoil));

describe.each(media)('a store that is sound, over %s', (_name, newStore) => {
  it('is checked with nothing to say but how much there is', async () => {
    const store = newStore();
    const manager = createSessionManager({ store });
    for (const id of ['a', 'b', 'c']) await (await manager.createSession({ id })).send('user', 'hello');
    await manager.saveSession('a');
    await manager.terminateSession('c');
    await manager.close();
    await using lease = await store.open({ owner: 'test' });
    const { lastSeq } = lease;
    const found = await checkStore(lease);
    expect(found).toEqual({ epoch: 2, lastSeq, cutSeq: 0, sessions: { active: 2 }, saved: 1, damaged: [] });
    expect(thawed(found)).toBeUndefined();
    expect(await quarantinedSessions(lease)).toEqual([]);
    expect(lease.lastSeq).toBe(lastSeq);
  });

  it('may be empty', async () => {
    await using lease = await newStore().open({ owner: 'test' });
    expect(await checkStore(lease)).toMatchObject({ lastSeq: 0, sessions: {}, saved: 0, damaged: [] });
  });
});

describe('damage is named with its reason, and keeps nobody from the others', () => {
  it('of a session that cannot be folded', async () => {
    const found = await checking({ load: (_, id) => (id === 'bob' ? { records: [] } : undefined) });
    const reason = 'Session "bob" is stored without a single fact.';
    expect(found).toMatchObject({ sessions: { active: 3 }, saved: 1 });
    expect(found.damaged).toEqual([{ kind: 'session', id: 'bob', code: 'STORE_CORRUPT', reason }]);
  });

  it('of a session that holds what no session can', async () => {
    const found = await checking({
      load(stored, id) {
        if (id === 'eve') stored.records[0].payload.restored.messageNumber = 9;
      },
    });
    expect(found.damaged).toEqual([
      {
        kind: 'session',
        id: 'eve',
        code: 'STORE_CORRUPT',
        reason:
          'Session "eve" cannot be read: document.data.conversation[0][0].id must be "eve:8", the next without a hole; received the string "eve:4".',
      },
    ]);
  });

  it('of a saved session, beside a sound one of the same id', async () => {
    const found = await checking({ saved: (document) => void delete document.data.files });
    expect(found.damaged).toMatchObject([{ kind: 'saved', id: 'ada', code: 'STORE_CORRUPT' }]);
    expect(found.damaged[0]?.reason).toContain('document.data.files must be an array; received undefined');
  });

  it('of what a newer chartroom has written', async () => {
    const found = await checking({ saved: (document) => void Object.assign(document, { version: 2 }) });
    expect(found.damaged).toMatchObject([{ kind: 'saved', id: 'ada', code: 'STORE_VERSION' }]);
  });

  it('of an id that is none', async () => {
    const found = await checking({
      head: (head) => (head.id === 'bob' ? { ...head, id: '../../etc/passwd' } : undefined),
    });
    expect(found.damaged).toMatchObject([{ kind: 'session', id: '../../etc/passwd', code: 'STORE_CORRUPT' }]);
  });

  it.each([
    ['status', 'idle', '"idle", and its facts give "active"'],
    ['sessionSeq', 7, '7, and its facts give 2'],
    ['seq', 4, '4, and its facts give 13'],
  ])('of a head whose %s is another than its facts give', async (key, value, says) => {
    const found = await checking({
      head: (head) => (head.id === 'ada' ? { ...head, [key]: value } : undefined),
    });
    expect(found.damaged).toMatchObject([{ kind: 'session', id: 'ada', code: 'STORE_CORRUPT' }]);
    expect(found.damaged[0]?.reason).toBe(`Session "ada" is listed with ${key} ${says}.`);
  });
});

describe('a store whose owner goes on writing', () => {
  it('is not said to be damaged because a session moved on between two looks at it', async () => {
    let looks = 0;
    const found = await checking({
      head(head) {
        if (head.id !== 'ada') return head;
        looks += 1;
        return looks === 1 ? { ...head, sessionSeq: 1 } : head;
      },
    });
    expect(found.damaged).toEqual([]);
    expect(looks).toBe(2);
  });

  it('may end a session between two looks at it', async () => {
    const lease: StoreLease = await spoiledLease({
      head: (head) => (head.id === 'ada' ? { ...head, seq: 1 } : undefined),
      load: (_, id) => void (id === 'ada' && lease.remove(id)),
    });
    expect((await checkStore(lease)).damaged).toEqual([]);
  });
});

describe('progress', () => {
  it('counts every session and every saved one', async () => {
    const seen: CheckProgress[] = [];
    await checkStore(await spoiledLease(), { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3, 4].map((checked) => ({ checked, total: 4 })));
  });

  it('never counts more than there is, when the owner adds some', async () => {
    const seen: CheckProgress[] = [];
    const lease = await spoiledLease();
    lease.counts = () => ({});
    await checkStore(lease, { onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ total }) => total)).toEqual([1, 2, 3, 4]);
  });

  it('is a function', async () => {
    const lease = await memoryStore().open({ owner: 'test' });
    expect(await codeOf(checkStore(lease, { onProgress: 5 as never }))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(checkStore(lease, { progress: () => {} } as never))).toBe('INVALID_ARGUMENT');
  });
});

describe('a store that fails', () => {
  it('ends the check', async () => {
    const failing = checking({
      load() {
        throw new SessionError('STORE_FAILED', 'the disk is gone');
      },
    });
    expect(await codeOf(failing)).toBe('STORE_FAILED');
  });
});

describe('quarantined sessions', () => {
  it('are those that a manager would not bring back, with the reason, and stay in the store', async () => {
    const lease = await spoiledLease({
      load(stored, id) {
        if (id === 'bob') return { records: [] };
        if (id === 'eve') stored.records[1].payload.status = 'terminated';
        return undefined;
      },
    });
    const found = await quarantinedSessions(lease);
    expect(found).toEqual([
      { id: 'bob', reason: 'Session "bob" is stored without a single fact.' },
      {
        id: 'eve',
        reason:
          'Session "eve" is stored with the string "terminated" as its status, and cannot go on from there.',
      },
    ]);
    expect(thawed(found)).toBeUndefined();
    expect(await lease.head('bob')).toBeDefined();
  });
});
