import { describe, expect, it } from 'vitest';
import type { StoreLease } from '../../../src/store/port.ts';
import { ending, fact, factSeqs, life, loadedSeqs, snapshotAt } from '../../../src/testing/store/facts.ts';
import { openLease, tamper, useDatabases } from './stage.ts';

const newName = useDatabases();

const kept = (name: string) =>
  tamper(name, async (transaction) => transaction.objectStore('facts').index('seq').getAll()).then((rows) =>
    rows.map(({ seq }) => seq),
  );
/** Facts of `noise`, one append each: what moves the sweep on. */
async function noise(lease: StoreLease, count: number): Promise<void> {
  const before = (await lease.head('noise'))?.sessionSeq ?? 0;
  for (let n = 1; n <= count; n += 1) await lease.append([fact(lease.lastSeq + 1, 'noise', before + n)]);
}
const close = (lease: StoreLease) => lease[Symbol.asyncDispose]();

describe('the sweep', () => {
  it('deletes what neither a cursor nor a load is given any more', async () => {
    const name = newName();
    const lease = await openLease(name, { retainEvents: 2 });
    await lease.append([fact(1, 'ended', 1), ending(2, 'ended', 2), fact(3, 'live', 1)]);
    await lease.append([fact(4, 'live', 2)]);
    await lease.putSnapshot('live', snapshotAt(1));
    await lease.append([fact(5, 'live', 3)]);
    await lease.append([fact(6, 'live', 4)]);
    expect(await kept(name)).toEqual([4, 5, 6]);
    expect(await factSeqs(lease, { from: 0 })).toEqual([5, 6]);
    expect(await loadedSeqs(lease, 'live')).toEqual([4, 5, 6]);
    await close(lease);
  });

  it('takes small steps, catches up, and gives no cursor what it has yet to delete', async () => {
    const name = newName();
    const before = await openLease(name);
    await before.append([...life(999), ending(1000, 'a', 1000)]);
    await close(before);
    const lease = await openLease(name, { retainEvents: 10 });
    expect([lease.cutSeq, (await kept(name)).length]).toEqual([990, 1000]);
    expect(await factSeqs(lease, { from: 0 })).toHaveLength(10);
    const sizes = [1000];
    for (let n = 0; n < 20; n += 1) {
      await noise(lease, 1);
      sizes.push((await kept(name)).length);
    }
    const steps = sizes.slice(1).map((size, n) => (sizes[n] ?? 0) - size);
    expect(Math.max(...steps)).toBeLessThanOrEqual(66);
    expect(steps.slice(0, 15).every((step) => step > 60)).toBe(true);
    // The live session keeps its own, beside the ten that cursors may read.
    expect(await kept(name)).toEqual(Array.from({ length: 20 }, (_, n) => 1001 + n));
    await close(lease);
  });

  it('crosses numbers that no fact has in one step', async () => {
    const name = newName();
    const lease = await openLease(name, { retainEvents: 2 });
    await lease.append(life(3));
    await lease.append([fact(1_000_000, 'noise', 1)]);
    await noise(lease, 5);
    await lease.putSnapshot('noise', snapshotAt(6));
    await noise(lease, 1);
    // The live session keeps its own, beside the two that cursors may read.
    expect(await kept(name)).toEqual([1, 2, 3, 1_000_005, 1_000_006]);
    await close(lease);
  });

  it('comes back for facts that were kept for load alone, once a snapshot stands for them', async () => {
    const name = newName();
    const lease = await openLease(name, { retainEvents: 3 });
    await lease.append(life(5));
    await noise(lease, 4);
    expect(await kept(name)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await lease.putSnapshot('a', snapshotAt(3));
    expect(await kept(name)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(await loadedSeqs(lease, 'a')).toEqual([4, 5]);
    await lease.append([ending(10, 'a', 6)]);
    expect(await kept(name)).toEqual([6, 7, 8, 9, 10]);
    expect(await factSeqs(lease, { from: 0, sessionId: 'a' })).toEqual([10]);
    await close(lease);
  });

  it('leaves for cursors what a snapshot stands for and the sweep has not come to', async () => {
    const name = newName();
    const lease = await openLease(name, { retainEvents: 100 });
    await lease.append(life(5));
    await lease.putSnapshot('a', snapshotAt(5));
    expect(await kept(name)).toEqual([1, 2, 3, 4, 5]);
    await close(lease);
  });

  it('takes no fact of a new life for one of the life before', async () => {
    const name = newName();
    const lease = await openLease(name, { retainEvents: 1 });
    await lease.append([...life(3), ending(4, 'a', 4), fact(5, 'a', 1), fact(6, 'a', 2)]);
    await noise(lease, 2);
    expect(await kept(name)).toEqual([5, 6, 7, 8]);
    expect(await loadedSeqs(lease, 'a')).toEqual([5, 6]);
    await close(lease);
  });
});

describe('age', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const aged = (seq: number, second: number) => fact(seq, 'a', seq, { at: at(second) });

  it('cuts for cursors what is older than retainMs, measured against the newest fact', async () => {
    const lease = await openLease(newName(), { retainMs: 10_000 });
    await lease.append([aged(1, 0), aged(2, 4), aged(3, 10)]);
    expect([lease.cutSeq, await factSeqs(lease, { from: 0 })]).toEqual([0, [1, 2, 3]]);
    await lease.append([aged(4, 15)]);
    expect([lease.cutSeq, await factSeqs(lease, { from: 0 })]).toEqual([2, [3, 4]]);
    expect(await loadedSeqs(lease, 'a')).toEqual([1, 2, 3, 4]);
    await close(lease);
  });

  it('is none that can be told when a time cannot be read: the fact stays', async () => {
    const lease = await openLease(newName(), { retainMs: 1 });
    await lease.append([fact(1, 'a', 1, { at: 'yesterday' }), aged(2, 50)]);
    expect(lease.cutSeq).toBe(0);
    await close(lease);
  });
});
