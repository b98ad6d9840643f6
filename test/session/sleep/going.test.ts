import { describe, expect, it } from 'vitest';
import { CacheScope } from '../../../src/session/cache.ts';
import type { SessionEntry } from '../../../src/session/entry.ts';
import { turns } from '../../support/turns.ts';
import { desk } from './desk.ts';

const AGENT = { snapshot: {}, atWork: false, timers: [], lostTimers: [] };

describe('a session that falls asleep', () => {
  it('is written down, and goes when that is stored', async () => {
    const { registry, writes, away, sleep, idle } = desk();
    const entry = idle('s');
    sleep.fallAsleep(entry);
    expect([writes.length, registry.size, away.size]).toEqual([1, 1, 0]);
    writes[0]?.open();
    await turns(1);
    expect([entry.registered, registry.size, away.size]).toEqual([false, 0, 1]);
  });

  it.each<[string, Partial<ReturnType<typeof desk>['agent']>, number]>([
    ['that has none', {}, 1],
    ['that has completed', { written: { agent: null } }, 1],
    ['that waits', { written: { agent: AGENT as never } }, 1],
    ['that is at work', { written: { agent: { ...AGENT, atWork: true } as never } }, 0],
    [
      'of whose timers one cannot be stored',
      { written: { agent: { ...AGENT, lostTimers: ['x'] } as never } },
      0,
    ],
    ['that cannot be stored', { written: { lost: 'a function' } }, 0],
  ])('goes, or stays, with its agent: one %s', async (_what, agent, goes) => {
    const on = desk();
    Object.assign(on.agent, agent);
    on.sleep.fallAsleep(on.idle('s'));
    on.writes[0]?.open();
    await turns(1);
    expect([on.writes.length, on.away.size, on.agent.saves]).toEqual([goes, goes, 0]);
  });

  it('stays while its agent is yet to be stored, which it asks for', () => {
    const on = desk();
    on.sleep.fallAsleep(Object.assign(on.idle('s'), { agentSave: {} }));
    expect([on.writes.length, on.agent.saves]).toEqual([0, 1]);
  });

  it.each<[string, Partial<Record<keyof SessionEntry | 'sessionSeq' | 'status' | 'busy', unknown>>]>([
    ['a fact was stored', { sessionSeq: 9 }],
    ['there was activity', { activityMs: 1 }],
    ['it has ended', { registered: false }],
    ['it is active', { status: 'active' }],
    ['a write waits for it', { parked: new Set() }],
    ['somebody waits for its end', { gone: [] }],
    ['somebody waits for a change', { changed: [] }],
    ['a hook runs', { hook: {} }],
    ['its agent is to be stored', { agentSave: {} }],
    ['its agent has failed', { agentFailure: {} }],
    ['an event is on its way to its agent', { dispatching: 1 }],
    ['a decision about it is under way', { busy: true }],
  ])('stays when by then %s', async (_what, { sessionSeq, status, busy, ...rest }) => {
    const on = desk();
    const entry = on.idle('s');
    on.sleep.fallAsleep(entry);
    Object.assign(entry, rest);
    Object.assign(entry.state, sessionSeq ? { sessionSeq } : {}, status ? { status } : {});
    on.journal.busy = busy === true;
    on.writes[0]?.open();
    await turns(1);
    expect([on.away.size, on.registry.get('s'), on.logged]).toEqual([0, entry, []]);
  });

  it('stays, without a word, when the manager has closed', async () => {
    const on = desk();
    const entry = on.idle('s');
    on.sleep.close();
    on.journal.busy = true;
    on.sleep.fallAsleep(entry);
    await turns(1);
    expect([on.writes.length, on.registry.get('s'), on.logged]).toEqual([0, entry, []]);
  });
});

describe('the cache of a session that is away', () => {
  const cached = async () => {
    const on = desk();
    const entry = on.idle('s');
    entry.cache = new CacheScope({ maxBytes: 1, now: () => 0, isoNow: () => '', files: undefined } as never);
    on.sleep.fallAsleep(entry);
    on.writes[0]?.open();
    await turns(1);
    return { ...on, cache: entry.cache };
  };

  it('is given back once, and to nobody else', async () => {
    const { sleep, cache } = await cached();
    expect(sleep.over('t')).toBeUndefined();
    expect(sleep.over('s')).toBe(cache);
    expect(sleep.over('s')).toBeUndefined();
  });

  it('goes with the manager', async () => {
    const { sleep } = await cached();
    sleep.close();
    expect(sleep.over('s')).toBeUndefined();
  });
});
