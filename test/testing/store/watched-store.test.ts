import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/store/memory.ts';
import type { StoreLease } from '../../../src/store/port.ts';
import { collect, life } from '../../../src/testing/store/facts.ts';
import { rules } from '../../../src/testing/store/rules.ts';
import { WatchedStore } from '../../../src/testing/store/watched-store.ts';
import { brokenStore, type Parts } from './broken-store.ts';

const watching = (parts: (lease: StoreLease) => Parts = () => ({})) =>
  new WatchedStore(brokenStore({ what: '', parts }));

describe('a watched lease', () => {
  it('answers at once when the store does, and later when it does', async () => {
    const lease = await watching(({ counts }) => ({ counts: async () => counts() })).open({ owner: 'a' });
    expect(lease.append(life(2))).toBeUndefined();
    expect(lease.head('a')).toMatchObject({ sessionSeq: 2 });
    const counts = lease.counts();
    expect(counts).toBeInstanceOf(Promise);
    await counts;
  });

  it('throws at once what the store throws at once, and knows the call', async () => {
    const store = watching();
    const lease = await store.open({ owner: 'a' });
    let thrown: unknown;
    try {
      lease.append(life(2, 2));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'STORE_FAILED' });
    expect(store.failedIn(thrown)).toMatch(/^append\(\[\{"seq":2/);
    expect(store.failedIn(new Error('another'))).toBeUndefined();
  });

  it('has what the lease has: its epoch, whether it is volatile, lastSeq and cutSeq as they are now', async () => {
    const store = new WatchedStore(memoryStore({ retainEvents: 1 }));
    const lease = await store.open({ owner: 'a' });
    expect([lease.epoch, lease.volatile, lease.lastSeq, lease.cutSeq]).toEqual([1, true, 0, 0]);
    await lease.append(life(3));
    expect([lease.lastSeq, lease.cutSeq]).toEqual([3, 2]);
    const durable = await watching(() => ({ volatile: undefined }) as never).open({ owner: 'a' });
    expect('volatile' in durable).toBe(false);
  });

  it('asks for facts when it is asked, and not when they are read', async () => {
    const lease = await watching().open({ owner: 'a' });
    lease.append(life(1));
    const facts = lease.facts({ from: 0 });
    lease.append(life(2, 2));
    const seqs = [];
    for await (const { seq } of facts) seqs.push(seq);
    expect(seqs).toEqual([1]);
  });

  it('leaves the facts of a store when a reader leaves', async () => {
    let left = 0;
    const lease = await watching(({ facts }) => ({
      async *facts(query) {
        try {
          yield* facts(query);
        } finally {
          left += 1;
        }
      },
    })).open({ owner: 'a' });
    lease.append(life(3));
    for await (const { seq } of lease.facts({ from: 0 })) if (seq === 2) break;
    expect(left).toBe(1);
    await collect(lease, { from: 0 });
    expect(left).toBe(2);
  });

  it('ends what would go on for ever, without a timer', async () => {
    const lease = await watching(() => ({
      *facts() {
        for (let n = 1; ; n += 1) yield* life(n, n);
      },
    })).open({ owner: 'a' });
    await expect(collect(lease, { from: 0 })).rejects.toMatchObject({
      message: 'no end after 20000 calls, the last of them facts().next',
      rule: rules.settles,
    });
  });

  it('refuses facts that cannot be read', async () => {
    for (const given of [undefined, 3, {}]) {
      const lease = await watching(() => ({ facts: () => given as never })).open({ owner: 'a' });
      await expect(collect(lease, { from: 0 })).rejects.toThrow('`facts` must give an iterable');
    }
  });
});

describe('a lease that lacks something', () => {
  it.each<[string, unknown, RegExp]>([
    ['is none', undefined, /has no method append, no method counts, .* no number cutSeq$/],
    [
      'has no methods',
      { epoch: 1, lastSeq: 0, cutSeq: 0 },
      /no method saved\.delete, no method \[Symbol.asyncDispose\]$/,
    ],
  ])('because it %s is refused, with what is missing', async (_what, given, message) => {
    const store = new WatchedStore({ open: async () => given as StoreLease });
    await expect(store.open({ owner: 'a' })).rejects.toMatchObject({
      message: expect.stringMatching(message),
      rule: rules.lease,
    });
  });

  it.each<[string, Parts, string]>([
    ['an epoch', { epoch: undefined } as never, 'number epoch'],
    ['a saved.ids', { saved: { ids: undefined } } as never, 'method saved.ids'],
    ['a volatile that is true or false', { volatile: 'yes' } as never, 'true or false for volatile'],
  ])('such as %s is refused, and given back', async (_what, parts, missing) => {
    let held = true;
    const store = watching(({ [Symbol.asyncDispose]: dispose }) => ({
      ...parts,
      async [Symbol.asyncDispose]() {
        held = false;
        await dispose();
      },
    }));
    await expect(store.open({ owner: 'a' })).rejects.toThrow(
      `the lease that \`open\` gave has no ${missing}`,
    );
    await store.release();
    expect(held).toBe(false);
  });
});
