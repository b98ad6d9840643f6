import { describe, expect, it } from 'vitest';
import { SimulatedClock } from 'xstate';
import { Timekeeper } from '../src/clock.ts';
import { SessionError } from '../src/errors.ts';
import { Journal } from '../src/journal.ts';
import { codeOf } from './support/errors.ts';
import { AT, anyFact } from './support/facts.ts';
import { openedJournal, write } from './support/journal.ts';
import { slowAppend } from './support/lease.ts';
import { loggedGuard } from './support/log.ts';
import { stateOf, turns } from './support/turns.ts';

describe('a journal', () => {
  it('goes on where its lease ended', async () => {
    const { journal } = openedJournal({ lastSeq: 41, cutSeq: 7 });
    expect([journal.seq, journal.publishedSeq, journal.openedSeq, journal.cutSeq]).toEqual([41, 41, 41, 7]);
    expect(await journal.commit('a', write)).toBe(42);
    expect([journal.seq, journal.publishedSeq]).toEqual([42, 42]);
  });

  it('remembers where it was opened, and whether what it holds goes with the process', async () => {
    const { journal } = openedJournal({ lastSeq: 41, volatile: true });
    await journal.commit('a', write);
    expect([journal.publishedSeq, journal.openedSeq, journal.volatile]).toEqual([42, 41, true]);
    expect(openedJournal().journal.volatile).toBe(false);
  });

  it('stamps facts with the time at which they were decided', async () => {
    const { journal, listeners, clock } = openedJournal();
    const times: string[] = [];
    listeners.add(({ at }) => times.push(at));
    await journal.commit('a', write);
    clock.increment(1);
    await journal.commit('a', write);
    expect(times).toEqual([AT, '2026-01-01T00:00:00.001Z']);
    expect(journal.iso()).toBe('2026-01-01T00:00:00.001Z');
  });

  it('reads facts from its lease', () => {
    const facts = [anyFact(3)];
    const queries: unknown[] = [];
    const { journal } = openedJournal({
      facts: (query) => {
        queries.push(query);
        return facts;
      },
    });
    expect(journal.facts({ from: 2, limit: 5 })).toBe(facts);
    expect(queries).toEqual([{ from: 2, limit: 5 }]);
  });

  it('without a lease holds nothing and refuses to write', async () => {
    const journal = new Journal(new Timekeeper(new SimulatedClock(), loggedGuard().guard));
    expect([journal.seq, journal.cutSeq, [...(journal.facts({ from: 0 }) as [])]]).toEqual([0, 0, []]);
    expect(await codeOf(journal.commit('a', write))).toBe('MANAGER_CLOSED');
    expect(await journal.commit('a', () => 'no fact, no lease')).toBe('no fact, no lease');
  });
});

describe('a decision', () => {
  it('is taken at once, and with a store that is at once, all is done when commit returns', () => {
    const { journal, steps } = openedJournal();
    journal.commit('a', write);
    expect(steps).toEqual(['append 1', 'apply 1', 'publish 1']);
  });

  it('has its facts appended together, then folded, then published, all in order', async () => {
    const { journal, steps } = openedJournal();
    await journal.commit('a', (batch) => [write(batch), write(batch), write(batch)]);
    const each = ['apply 1', 'apply 2', 'apply 3', 'publish 1', 'publish 2', 'publish 3'];
    expect(steps).toEqual(['append 1,2,3', ...each]);
  });

  it('without facts does not trouble the store', async () => {
    const { journal, steps } = openedJournal();
    expect(await journal.commit('a', () => 'looked')).toBe('looked');
    expect(steps).toEqual([]);
  });

  it('that throws rejects with just that; nothing is appended, and the next one works', async () => {
    const { journal, steps } = openedJournal();
    const error = new SessionError('SESSION_NOT_FOUND', 'gone');
    const refused = journal.commit('a', (batch) => {
      write(batch);
      throw error;
    });
    await expect(refused).rejects.toBe(error);
    expect(steps).toEqual([]);
    expect(await journal.commit('a', write)).toBe(1);
  });

  it('may leave something to wait for, which holds up nobody else', async () => {
    const { journal } = openedJournal();
    let arrive = (_: string) => {};
    const slow = journal.commit('a', () => new Promise<string>((resolve) => (arrive = resolve)));
    expect(await journal.commit('a', write)).toBe(1);
    arrive('at last');
    expect(await slow).toBe('at last');
  });

  it('of a listener waits until everybody has had the event', async () => {
    const { journal, steps, listeners } = openedJournal();
    const results: Array<Promise<unknown>> = [];
    listeners.add(({ seq }) => {
      if (seq > 2) return;
      results.push(
        journal.commit('a', write),
        journal.commit('a', () => Promise.reject(new Error('ENOSPC'))),
      );
      steps.push(`pending ${journal.pending}`);
    });
    await journal.commit('a', (batch) => [write(batch), write(batch)]);
    await Promise.allSettled(results);
    expect(steps).toEqual([
      ...['append 1,2', 'apply 1', 'apply 2', 'publish 1', 'pending 2', 'publish 2', 'pending 4'],
      ...['append 3', 'apply 3', 'publish 3', 'append 4', 'apply 4', 'publish 4'],
    ]);
    expect((await Promise.allSettled(results)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
    ]);
    expect(journal.pending).toBe(0);
  });
});

describe('what a decision changes beside its facts', () => {
  it('happens once they are committed, before they are folded', async () => {
    const { append, writes } = slowAppend();
    const { journal, steps } = openedJournal({ append });
    const call = journal.commit('a', (batch) => {
      batch.onCommit(() => steps.push('first effect'));
      batch.onCommit(() => steps.push('second effect'));
      return write(batch);
    });
    await turns();
    expect(steps).toEqual(['append 1']);
    writes[0]?.open();
    await call;
    expect(steps).toEqual(['append 1', 'first effect', 'second effect', 'apply 1', 'publish 1']);
  });

  it('happens at once where there are no facts', async () => {
    const { journal, steps } = openedJournal();
    await journal.commit('a', (batch) => batch.onCommit(() => steps.push('effect')));
    expect(steps).toEqual(['effect']);
  });
});

describe('a store that takes its time', () => {
  it('is given one batch at a time; nothing of a batch is seen before it is durable', async () => {
    const { append, writes } = slowAppend();
    const { journal, steps } = openedJournal({ append });
    const first = journal.commit('a', write);
    const second = journal.commit('a', write);
    const third = journal.commit('a', () => 'a look');
    await turns();
    expect(steps).toEqual(['append 1']);
    expect([journal.seq, journal.publishedSeq, journal.pending]).toEqual([0, 0, 3]);
    expect([await stateOf(first), await stateOf(third)]).toEqual(['pending', 'pending']);

    writes[0]?.open();
    expect(await first).toBe(1);
    await turns();
    expect(steps).toEqual(['append 1', 'apply 1', 'publish 1', 'append 2']);
    expect(await stateOf(third)).toBe('pending');

    writes[1]?.open();
    expect([await second, await third]).toEqual([2, 'a look']);
    expect([journal.seq, journal.pending]).toEqual([2, 0]);
    expect(journal.commit('a', write)).toBeInstanceOf(Promise);
    await turns();
    expect(writes).toHaveLength(3);
  });

  it('and then is at once again, is so for its journal too', async () => {
    const { append, writes } = slowAppend();
    let slow = true;
    const { journal, steps } = openedJournal({ append: (records) => (slow ? append(records) : undefined) });
    const first = journal.commit('a', write);
    slow = false;
    writes[0]?.open();
    await first;
    await journal.commit('a', write);
    journal.commit('a', write);
    expect(steps.filter((step) => step.startsWith('publish'))).toEqual([
      'publish 1',
      'publish 2',
      'publish 3',
    ]);
  });

  it('has what a listener asks for meanwhile after what already waits', async () => {
    const { append, writes } = slowAppend();
    const { journal, listeners } = openedJournal({ append });
    const order: string[] = [];
    const ask = (name: string) => journal.commit('a', () => void order.push(name));
    listeners.add(() => void ask('listener'));
    const first = journal.commit('a', write);
    const waiting = ask('waiting');
    writes[0]?.open();
    await Promise.all([first, waiting]);
    await turns();
    expect(order).toEqual(['waiting', 'listener']);
  });

  it('takes turns that are resumed before those that wait, in their order', async () => {
    const { append, writes } = slowAppend();
    const { journal } = openedJournal({ append });
    const order: string[] = [];
    const turn = (name: string) => ({
      session: 'a',
      stacks: false,
      decide: () => void order.push(name),
      resolve: () => order.push(`${name} done`),
      reject: () => {},
    });
    journal.commit('a', write);
    const later = journal.commit('a', () => void order.push('later'));
    journal.resume([turn('parked first'), turn('parked second')]);
    expect(journal.pending).toBe(4);
    writes[0]?.open();
    await later;
    expect(order.filter((name) => !name.endsWith('done'))).toEqual([
      'parked first',
      'parked second',
      'later',
    ]);
    expect(order).toContain('parked second done');
  });
});

describe('Journal.post', () => {
  it('tells what the decision failed on', async () => {
    const { journal } = openedJournal();
    const failures: unknown[] = [];
    const error = new Error('ENOSPC');
    journal.post(
      'a',
      () => {
        throw error;
      },
      (failure) => failures.push(failure),
    );
    journal.post(
      'a',
      (batch) => void write(batch),
      (failure) => failures.push(failure),
    );
    await turns();
    expect(failures).toEqual([error]);
    expect(journal.seq).toBe(1);
  });

  it('has nobody to tell once the journal is closed', async () => {
    const { journal } = openedJournal();
    const failures: unknown[] = [];
    await journal.close();
    journal.post(
      'a',
      (batch) => void write(batch),
      (failure) => failures.push(failure),
    );
    await turns();
    expect(failures).toEqual([]);
  });
});
