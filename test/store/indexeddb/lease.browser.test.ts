import { describe, expect, it } from 'vitest';
import { collect, life, seqs } from '../../../src/testing/store/facts.ts';
import { codeOf } from '../../support/errors.ts';
import { openLease, useDatabases } from './stage.ts';

const newName = useDatabases();

describe('a lease', () => {
  it('that was given back answers no read, a reader halfway included', async () => {
    const lease = await openLease(newName());
    await lease.append(life(40));
    const facts = lease.facts({ from: 0 }) as AsyncIterable<unknown>;
    const reading = facts[Symbol.asyncIterator]();
    await reading.next();
    await lease[Symbol.asyncDispose]();
    const rest = async () => {
      for (let step = await reading.next(); !step.done; step = await reading.next());
    };
    const reads = [
      rest(),
      lease.load('a'),
      lease.head('a'),
      lease.heads(),
      lease.counts(),
      lease.saved.list(),
    ];
    expect(await Promise.all(reads.map((read) => codeOf(Promise.resolve(read))))).toEqual(
      reads.map(() => 'STORE_LOCKED'),
    );
  });

  it('knows lastSeq and cutSeq once an append resolves, and keeps them when one is refused', async () => {
    const lease = await openLease(newName(), { retainEvents: 2 });
    await lease.append(life(5));
    expect(await codeOf(Promise.resolve(lease.append(life(9, 5))))).toBe('STORE_FAILED');
    expect([lease.lastSeq, lease.cutSeq]).toEqual([5, 3]);
    await lease[Symbol.asyncDispose]();
  });

  it('reads facts a part at a time, as many as are wanted', async () => {
    const lease = await openLease(newName());
    await lease.append(life(2500));
    expect(seqs(await collect(lease, { from: 100, limit: 1500 }))).toEqual(
      Array.from({ length: 1500 }, (_, n) => 101 + n),
    );
    await lease[Symbol.asyncDispose]();
  });
});
