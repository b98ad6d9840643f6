import { describe, expect, it } from 'vitest';
import { SessionError } from '../src/errors.ts';
import { codeOf, codeThrown, strays } from './support/errors.ts';
import { openedJournal, write } from './support/journal.ts';
import { slowAppend } from './support/lease.ts';
import { stateOf, turns } from './support/turns.ts';

const full = () => new Error('ENOSPC');

describe('a store that fails', () => {
  const refusals: Array<[string, () => Promise<void>]> = [
    [
      'throws',
      () => {
        throw full();
      },
    ],
    ['rejects', () => Promise.reject(full())],
  ];

  it.each(refusals)(
    'and %s: STORE_FAILED, nothing is folded or published, the next write works',
    async (_, fail) => {
      let healthy = false;
      const { journal, steps } = openedJournal({ append: () => (healthy ? undefined : fail()) });
      const refused = journal.commit('a', (batch) => [write(batch), write(batch)]);
      const next = journal.commit('a', () => {
        healthy = true;
      });
      await expect(refused).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: 'The store refused a write: ENOSPC',
        cause: full(),
      });
      await next;
      expect(steps).toEqual(['append 1,2']);
      expect([journal.seq, journal.publishedSeq]).toEqual([0, 0]);
      expect(await journal.commit('a', write)).toBe(1);
    },
  );

  it.each(refusals)('and %s a waiting write is refused alike, and those after it go on', async (_, fail) => {
    const { append, writes } = slowAppend();
    const { journal, steps } = openedJournal({
      append: (records) => (records.length === 2 ? fail() : append(records)),
    });
    const first = journal.commit('a', write);
    const refused = journal.commit('a', (batch) => [write(batch), write(batch)]);
    const last = journal.commit('a', write);
    writes[0]?.open();
    await first;
    expect(await codeOf(refused)).toBe('STORE_FAILED');
    await turns();
    writes[1]?.open();
    expect(await last).toBe(2);
    expect(steps).toEqual([
      ...['append 1', 'apply 1', 'publish 1', 'append 2,3'],
      ...['append 2', 'apply 2', 'publish 2'],
    ]);
  });

  it('with an error of ours: that very error', async () => {
    const error = new SessionError('STORE_LOCKED', 'another owner');
    const thrown = openedJournal({
      append: () => {
        throw error;
      },
    });
    const rejected = openedJournal({ append: () => Promise.reject(error) });
    for (const { journal } of [thrown, rejected])
      await expect(journal.commit('a', write)).rejects.toBe(error);
  });

  it('leaves no unhandled rejection behind of what its decision waits for', async () => {
    const { append, writes } = slowAppend();
    const { journal } = openedJournal({ append });
    const seen = await strays(async () => {
      const call = journal.commit('a', (batch) => {
        write(batch);
        return Promise.reject(new Error('the wait is over'));
      });
      await turns();
      writes[0]?.fail(full());
      expect(await codeOf(call)).toBe('STORE_FAILED');
    });
    expect(seen).toEqual([]);
  });

  it.each(refusals)(
    'and %s: what the decision wanted to change beside its facts does not happen',
    async (_, fail) => {
      const { journal, steps } = openedJournal({ append: fail });
      const refused = journal.commit('a', (batch) => {
        batch.onCommit(() => steps.push('effect'));
        write(batch);
      });
      expect(await codeOf(refused)).toBe('STORE_FAILED');
      expect(steps).toEqual(['append 1']);
    },
  );
});

describe('Journal.close', () => {
  it('refuses what comes', async () => {
    const { journal, steps } = openedJournal();
    expect(() => journal.checkOpen()).not.toThrow();
    await journal.close();
    expect(await codeOf(journal.commit('a', write))).toBe('MANAGER_CLOSED');
    expect(codeThrown(() => journal.checkOpen())).toBe('MANAGER_CLOSED');
    expect(steps).toEqual([]);
  });

  it('refuses what waits, and resolves once the batch in flight is durable and published', async () => {
    const { append, writes } = slowAppend();
    const { journal, steps } = openedJournal({ append });
    const inFlight = journal.commit('a', write);
    const waiting = journal.commit('a', write);
    const closing = journal.close();
    expect(await codeOf(waiting)).toBe('MANAGER_CLOSED');
    expect(await stateOf(closing)).toBe('pending');
    writes[0]?.open();
    expect(await inFlight).toBe(1);
    await closing;
    expect(steps).toEqual(['append 1', 'apply 1', 'publish 1']);
  });

  it('resolves also when the batch in flight is refused', async () => {
    const { append, writes } = slowAppend();
    const { journal } = openedJournal({ append });
    const inFlight = codeOf(journal.commit('a', write));
    const closing = journal.close();
    writes[0]?.fail(full());
    expect(await inFlight).toBe('STORE_FAILED');
    await closing;
  });
});
