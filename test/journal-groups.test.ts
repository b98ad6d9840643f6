import { describe, expect, it } from 'vitest';
import { SessionError } from '../src/errors.ts';
import type { Decision } from '../src/turns.ts';
import { codeOf } from './support/errors.ts';
import { openedJournal } from './support/journal.ts';
import { slowAppend } from './support/lease.ts';
import { turns } from './support/turns.ts';

describe('a group: what is asked in one turn of a store that takes its time', () => {
  const add = (id: string, type: 'file_added' | 'session_status' = 'file_added'): Decision<number> => {
    const payload = type === 'file_added' ? { path: 'x' } : { status: 'idle', previousStatus: 'active' };
    return (batch) => {
      batch.add({ id, sessionSeq: 0 }, type, payload as never);
      return batch.nextSeq - 1;
    };
  };
  /** A journal that has met its slow store. */
  async function gathering() {
    const { append, writes } = slowAppend();
    const world = openedJournal({ append });
    const first = world.journal.commit('first', add('first'));
    writes[0]?.open();
    await first;
    await turns();
    world.steps.length = 0;
    const settle = async () => {
      await turns();
      writes.at(-1)?.open();
      await turns();
    };
    return { ...world, writes, settle };
  }

  it('is one append, and each of its decisions is followed before the next', async () => {
    const { journal, steps, settle } = await gathering();
    const results = ['a', 'b', 'c'].map((id) => journal.commit(id, add(id)));
    await settle();
    expect(await Promise.all(results)).toEqual([2, 3, 4]);
    const followed = [2, 3, 4].flatMap((seq) => [`apply ${seq}`, `publish ${seq}`]);
    expect(steps).toEqual(['append 2,3,4', ...followed]);
  });

  it('has one decision of each session: the next sees what became of it', async () => {
    const { journal, steps, settle } = await gathering();
    const results = [
      journal.commit('a', add('a')),
      journal.commit('a', add('a')),
      journal.commit('b', add('b')),
    ];
    await settle();
    expect(steps[0]).toBe('append 2,3');
    await settle();
    expect(await Promise.all(results)).toEqual([2, 4, 3]);
  });

  it('has more of one session where they stack, with the numbers that follow', async () => {
    const { journal, writes, settle } = await gathering();
    const results = [1, 2, 3].map(() => journal.commit('a', add('a'), true));
    await settle();
    expect(writes.at(-1)?.records.map(({ seq, sessionSeq }) => [seq, sessionSeq])).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
    ]);
    expect(await Promise.all(results)).toEqual([2, 3, 4]);
  });

  it('has nothing behind a change of status: not even what stacks', async () => {
    const { journal, steps, settle } = await gathering();
    const results = [journal.commit('a', add('a', 'session_status')), journal.commit('a', add('a'), true)];
    await settle();
    expect(steps[0]).toBe('append 2');
    await settle();
    expect(await Promise.all(results)).toEqual([2, 3]);
  });

  it('keeps the order of each session: behind one that waits, all of its session wait', async () => {
    const { journal, steps, settle } = await gathering();
    const order: string[] = [];
    const noted =
      (name: string): Decision<number> =>
      (batch) => {
        order.push(name);
        return add('a')(batch);
      };
    journal.commit('a', noted('stacks'), true);
    journal.commit('a', noted('looks'));
    journal.commit('a', noted('stacks behind it'), true);
    await settle();
    expect(steps[0]).toBe('append 2');
    await settle();
    await settle();
    expect(order).toEqual(['stacks', 'looks', 'stacks behind it']);
  });

  it('that is refused rejects each of its decisions; the next group works, with the same numbers', async () => {
    const { journal, writes, settle } = await gathering();
    const results = ['a', 'b'].map((id) => codeOf(journal.commit(id, add(id))));
    await turns();
    writes.at(-1)?.fail(new Error('ENOSPC'));
    expect(await Promise.all(results)).toEqual(['STORE_FAILED', 'STORE_FAILED']);
    const next = journal.commit('a', add('a'));
    await settle();
    expect(await next).toBe(2);
  });

  it('has what throws, and what makes no fact, settled without the store', async () => {
    const { journal, steps } = await gathering();
    const refused = codeOf(journal.commit('a', () => Promise.reject(new SessionError('ABORTED', 'no'))));
    const thrown = codeOf(
      journal.commit('b', () => {
        throw new SessionError('INVALID_ARGUMENT', 'no');
      }),
    );
    const looked = journal.commit('c', () => 'looked');
    expect(await Promise.all([refused, thrown, looked])).toEqual(['ABORTED', 'INVALID_ARGUMENT', 'looked']);
    expect(steps).toEqual([]);
  });

  it('that grows too large goes in parts', async () => {
    const { journal, writes, settle } = await gathering();
    const results = Array.from({ length: 1500 }, (_, n) => journal.commit(`s${n}`, add(`s${n}`)));
    await settle();
    await settle();
    expect(writes.map(({ records }) => records.length)).toEqual([1, 1024, 476]);
    expect(await Promise.all(results)).toHaveLength(1500);
  });

  it('has a turn for each session, however many decisions of another wait before it', async () => {
    const { journal, writes, settle } = await gathering();
    for (let n = 0; n < 5000; n++) journal.commit('busy', add('busy')).catch(() => {});
    const other = journal.commit('other', add('other'));
    await settle();
    expect(await other).toBe(3);
    expect(writes).toHaveLength(2 + 1);
    expect(journal.pending).toBe(4999);
    const closing = journal.close();
    writes.at(-1)?.open();
    await closing;
  });

  it('has those who were held in the order in which they were asked', async () => {
    const { journal, settle } = await gathering();
    const order: string[] = [];
    for (const name of ['a1', 'b1', 'a2', 'b2', 'a3', 'b3']) {
      const id = name.charAt(0);
      journal.commit(id, (batch) => {
        order.push(name);
        return add(id)(batch);
      });
    }
    for (let n = 0; n < 4; n++) await settle();
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  });

  it('says whom it concerns, from the call until it is followed', async () => {
    const { journal, settle } = await gathering();
    const call = journal.commit('a', add('a'));
    expect([journal.concerns('a'), journal.concerns('b'), journal.gathers]).toEqual([true, false, true]);
    await turns();
    expect([journal.concerns('a'), journal.pending]).toEqual([true, 1]);
    await settle();
    await call;
    expect([journal.concerns('a'), journal.pending]).toEqual([false, 0]);
  });

  it('that lands while the journal closes lets nobody in who was put back by it', async () => {
    const { journal, writes } = await gathering();
    const call = journal.commit('a', add('a'));
    await turns();
    const closing = journal.close();
    const parked = new Promise((resolve) => {
      journal.resume([{ session: 'a', stacks: false, decide: () => {}, resolve, reject: resolve }]);
    });
    writes.at(-1)?.open();
    await Promise.all([call, closing]);
    expect(await parked).toMatchObject({ code: 'MANAGER_CLOSED' });
  });
});
