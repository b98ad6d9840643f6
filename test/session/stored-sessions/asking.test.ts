import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.ts';
import type { StoredSession } from '../../../src/store/port.ts';
import { codeOf } from '../../support/errors.ts';
import { readingLease } from '../../support/lease.ts';
import { turns } from '../../support/turns.ts';
import { alive, asleep, call, many, slowLoad } from '../asleep.ts';

const torn = (id: string, seq = 1): StoredSession => ({ records: alive(id, seq).records.slice(1) });

/** As a manager does that closes. */
function close({ dormant, sessions }: Awaited<ReturnType<typeof asleep>>): void {
  const closed = new SessionError('MANAGER_CLOSED', 'closed');
  dormant.close(closed);
  sessions.close(closed);
}

describe('what a list asks of the store', () => {
  it('is no more than it needs: a page at a time, of those that are wanted', async () => {
    const { sessions, asked } = await asleep(many(600));
    expect(await sessions.list({})).toHaveLength(600);
    expect(asked.queries.map(({ limit }) => limit)).toEqual([256, 256, 256]);
    asked.queries.length = 0;
    expect(await sessions.list({ limit: 300, status: ['active', 'idle'] })).toHaveLength(300);
    expect(asked.queries).toMatchObject([
      { limit: 256, after: 0, status: ['active', 'idle'] },
      { limit: 256, status: ['active', 'idle'] },
    ]);
    asked.queries.length = 0;
    expect(await sessions.list({ limit: 2 })).toHaveLength(2);
    expect(asked.queries).toEqual([{ after: 0, limit: 2 }]);
    asked.queries.length = 0;
    expect(await sessions.list({ limit: 0 })).toEqual([]);
    expect(asked.queries).toEqual([]);
  });

  it('is not those again that are in memory, nor those in quarantine', async () => {
    const { dormant, sessions, asked } = await asleep({ a: alive('a'), b: torn('b', 5), c: alive('c', 9) });
    await dormant.with('a', () => {});
    expect((await sessions.list({})).map(({ id }) => id)).toEqual(['a', 'c']);
    asked.loads.length = 0;
    expect((await sessions.list({})).map(({ id }) => id)).toEqual(['a', 'c']);
    expect(asked.loads).toEqual(['c']);
  });
});

describe('a walk through the heads', () => {
  it('has each of them once, and ends with the last', async () => {
    const { sessions, asked } = await asleep(many(600));
    const walk = async (limit?: number) => {
      const pages: string[][] = [];
      for await (const page of sessions.heads(limit === undefined ? {} : { limit }))
        pages.push(page.map(({ id }) => id));
      return pages;
    };
    const pages = await walk();
    expect(pages.map(({ length }) => length)).toEqual([256, 256, 88]);
    expect(pages.flat()).toEqual(Object.keys(many(600)));
    expect(asked.queries).toHaveLength(3);
    expect((await walk(250)).map(({ length }) => length)).toEqual([250, 250, 100]);
    expect(await (await asleep({})).sessions.heads().next()).toEqual({ done: true, value: undefined });
    const whole = await asleep(many(256));
    const seen: number[] = [];
    for await (const page of whole.sessions.heads()) seen.push(page.length);
    expect(seen).toEqual([256]);
  });
});

describe('bringing back who is due', () => {
  const due = (count: number) =>
    readingLease(many(count), Object.fromEntries(Object.keys(many(count)).map((id) => [id, { wakeAt: 50 }])));

  it('asks once where few are, and goes a step for each page', async () => {
    const { sessions, asked, revived } = await asleep(many(10), due(10));
    const steps = async () => {
      let count = 0;
      for await (const _ of sessions.due(0, 100)) count += 1;
      return count;
    };
    expect([await steps(), asked.queries.length, revived.length]).toEqual([1, 1, 10]);
  });

  it('reads no more than a page of them at a time, however many there are at one moment', async () => {
    const reading = due(600);
    let [reads, most] = [0, 0];
    const load = async (id: string) => {
      reads += 1;
      most = Math.max(most, reads);
      await turns(1);
      reads -= 1;
      return reading.load(id);
    };
    const { sessions, revived } = await asleep(many(600), { ...reading, load });
    let steps = 0;
    for await (const _ of sessions.due(0, 100)) steps += 1;
    expect([revived.length, most, steps]).toEqual([600, 256, 3]);
  });
});

describe('closing', () => {
  it('refuses what is asked from then on, and what was under way', async () => {
    const { load, loads } = slowLoad();
    const on = await asleep({ a: alive('a') }, { load });
    const { dormant, sessions } = on;
    const reading = codeOf(sessions.read('a'));
    dormant.expect('b');
    close(on);
    loads[0]?.open(alive('a'));
    expect(await reading).toBe('MANAGER_CLOSED');
    expect(await codeOf(sessions.list({}))).toBe('MANAGER_CLOSED');
    expect(dormant.expected()).toEqual([]);
  });

  it('leaves alone what turns out to be damaged then', async () => {
    const { load, loads } = slowLoad();
    const on = await asleep({ a: alive('a') }, { load });
    const { dormant, registry } = on;
    const waiting = codeOf(call(() => dormant.with('a', () => {})));
    close(on);
    loads[0]?.fail(new SessionError('STORE_CORRUPT', 'torn'));
    expect(await waiting).toBe('MANAGER_CLOSED');
    await turns();
    expect([registry.quarantined.size, dormant.size]).toEqual([0, 0]);
  });
});

describe('a session that cannot be read', () => {
  it('is counted off once, where a list has found it while a call waits for it', async () => {
    const { load, loads } = slowLoad();
    const { dormant, sessions } = await asleep({ a: torn('a'), b: alive('b', 5) }, { load });
    const list = sessions.list({});
    await turns();
    const touched = codeOf(call(() => dormant.with('a', () => {})));
    const [ofList, other, ofCall] = loads;
    ofList?.open(torn('a'));
    other?.open(alive('b', 5));
    expect((await list).map(({ id }) => id)).toEqual(['b']);
    ofCall?.open(torn('a'));
    expect(await touched).toBe('STORE_CORRUPT');
    await turns();
    expect([dormant.size, dormant.counts]).toEqual([1, { active: 1 }]);
  });
});
