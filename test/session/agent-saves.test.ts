import { describe, expect, it } from 'vitest';
import { fragileAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { mortalStore } from '../support/mortal-store.ts';
import { turns } from '../support/turns.ts';
import { wrappedStore } from '../support/wrapped-store.ts';
import { CONFIG, open, started } from './counting-agent.ts';

describe('writing an agent down', () => {
  /** A durable store that notes how often each kind of fact was appended, and together with which. */
  function noting() {
    const appends: string[][] = [];
    let full = false;
    const store = wrappedStore((lease) => ({
      volatile: false,
      append: async (records) => {
        if (full && records.some(({ type }) => type === 'agent_saved')) throw new Error('ENOSPC');
        appends.push(records.map(({ type }) => type));
        return lease.append(records);
      },
    }));
    const fill = (value: boolean) => {
      full = value;
    };
    return { store, appends, fill };
  }

  it('happens once for all that it went through in one turn of the event loop', async () => {
    const { store, appends } = noting();
    const on = await started(store);
    await turns(20);
    appends.length = 0;
    await Promise.all(['ask', 'ask', 'ask', 'tell'].map(on.dispatch));
    expect(appends.flat().filter((type) => type === 'agent_saved')).toHaveLength(1);
  });

  it('does not happen when the agent comes back as it was: waking writes nothing', async () => {
    const { store, appends } = noting();
    const on = await started(store);
    for (const type of ['ask', 'ask']) await on.dispatch(type);
    await on.advance(100);
    await on.advance(300);
    expect(on.manager.stats().asleep).toBe(1);
    appends.length = 0;
    await on.manager.getSessionInfo('s');
    await turns(20);
    expect([on.manager.stats().asleep, appends]).toEqual([0, []]);
    await on.manager.close();
    const next = open(store, { clock: on.clock });
    await next.manager.getSessionInfo('s');
    await turns(20);
    expect([next.manager.stats().asleep, appends]).toEqual([0, []]);
    // Its timer is still there, and what that changes is written down.
    await next.advance(600);
    await next.advance(0);
    expect([next.said, appends.flat()]).toEqual([['answer 2'], expect.arrayContaining(['agent_saved'])]);
  });

  it('does not happen either for work that a recovery starts again, nor for an event that changes nothing', async () => {
    const { store, appends } = noting();
    const on = await started(store);
    await on.dispatch('work');
    await on.manager.close();
    appends.length = 0;
    const next = open(store, { clock: on.clock });
    await next.manager.ready;
    await turns(20);
    expect([next.manager.stats().asleep, appends]).toEqual([0, []]);
    await next.dispatch('unheard of');
    expect(appends).toEqual([]);
    // What it says is stored, and heard, before whoever asked is told.
    await next.dispatch('tell');
    expect([next.said, appends.flat()]).toEqual([['asked 0'], expect.arrayContaining(['agent_status'])]);
  });

  it('is no event, and no activity of the session', async () => {
    const { store } = noting();
    const on = await started(store);
    const seen: string[] = [];
    on.manager.subscribeToSession('s', ({ type }) => seen.push(type), { from: 0 });
    await turns(20);
    const before = await on.manager.getSessionInfo('s');
    await on.dispatch('ask');
    expect(seen).toEqual(['session_created', 'session_status']);
    expect((await on.manager.getSessionInfo('s')).updatedAt).toBe(before.updatedAt);
  });

  it('that the store refuses rejects the dispatch that waits for it; the next may work', async () => {
    const { store, fill } = noting();
    const on = await started(store);
    await turns(20);
    fill(true);
    expect(await codeOf(on.dispatch('ask'))).toBe('STORE_FAILED');
    fill(false);
    await on.dispatch('ask');
    expect(on.logged.flat().join()).toContain('the agent of session "s" was not stored');
  });

  it('is done before the manager has closed, and a dispatch that waits for it is told so', async () => {
    const { store, appends } = noting();
    const on = await started(store);
    await turns(20);
    appends.length = 0;
    const dispatched = on.dispatch('ask');
    await turns(1);
    await Promise.all([dispatched, on.manager.close()]);
    expect(appends.flat()).toEqual(['agent_saved']);
  });

  it('that is cut short by a close leaves no dispatch hanging', async () => {
    const { store } = noting();
    const on = await started(store);
    const codes = [codeOf(on.dispatch('ask')), codeOf(on.manager.close())];
    expect(await Promise.all(codes)).toEqual([
      expect.stringMatching(/resolved instead|MANAGER_CLOSED/),
      'resolved instead',
    ]);
  });

  it('is of the agent of now, when that of before has crashed and started again in the same turn', async () => {
    const appended: string[] = [];
    const store = wrappedStore((lease) => ({
      volatile: false,
      append: (records) => {
        for (const { type, payload } of records)
          appended.push('status' in payload ? `${payload.status}` : type);
        return lease.append(records);
      },
    }));
    const on = await started(store, { supervision: { restart: 'transient' } });
    await turns();
    const calls = [on.dispatch('ask'), on.manager.killSession('s'), on.dispatch('ask')];
    await Promise.allSettled(calls);
    await turns();
    const again = appended.lastIndexOf('active');
    expect(appended.slice(again)).toContain('agent_saved');
  });

  it('that was refused is done with the next save of any agent, and by a close', async () => {
    const { store, appends, fill } = noting();
    const on = await started(store);
    await on.manager.createSession({ id: 't', config: CONFIG });
    await turns(20);
    const saved = () => appends.flat().filter((type) => type === 'agent_saved').length;
    fill(true);
    expect(await codeOf(on.dispatch('ask'))).toBe('STORE_FAILED');
    fill(false);
    const before = saved();
    await on.manager.session('t').dispatch({ type: 'ask' });
    await turns(20);
    expect(saved()).toBe(before + 2);
    fill(true);
    expect(await codeOf(on.dispatch('ask'))).toBe('STORE_FAILED');
    fill(false);
    await on.manager.close();
    expect(saved()).toBe(before + 3);
  });

  it('keeps the time of the dispatch that led to it: whoever was used just now is not ended by a recovery', async () => {
    const store = mortalStore();
    const on = open(store);
    await on.manager.createSession({ id: 's', config: { terminateAfterMs: 1_000 } });
    await on.advance(900);
    await on.dispatch('work');
    const { lastActivityAt } = await on.manager.getSessionInfo('s');
    await store.crash();
    const next = open(store, { clock: on.clock });
    await next.advance(500);
    expect(await next.manager.getSessionInfo('s')).toMatchObject({ status: 'active', lastActivityAt });
  });

  it('that finds the agent failed acknowledges nothing of what it had been through', async () => {
    const store = mortalStore();
    const on = await started(store, { agent: fragileAgent as never });
    await turns(20);
    const session = on.manager.session('s');
    const said = codeOf(session.dispatch({ type: 'say', content: 'x' }));
    const boom = codeOf(session.dispatch({ type: 'boom' }));
    expect([await said, await boom]).toEqual([
      expect.stringMatching(/SESSION_CRASHED|resolved instead/),
      'SESSION_CRASHED',
    ]);
    expect(on.logged.flat().join()).not.toContain('was not stored');
  });

  it('costs nothing where the store goes with the process', async () => {
    const types: string[] = [];
    const store = wrappedStore((lease) => ({
      append: (records) => {
        types.push(...records.map(({ type }) => type));
        return lease.append(records);
      },
    }));
    const on = await started(store);
    await on.dispatch('ask');
    await turns(20);
    expect(types).not.toContain('agent_saved');
    await on.manager.close();
    expect(types.filter((type) => type === 'agent_saved')).toHaveLength(1);
  });

  it('works for logic that is no machine', async () => {
    const store = mortalStore();
    const clock = testClock(Date.UTC(2026, 0, 1));
    const on = await started(store, { agent: fragileAgent as never, clock });
    await on.manager.session('s').dispatch({ type: 'say', content: 'hello' });
    await store.crash();
    const next = open(store, { agent: fragileAgent as never, clock });
    expect(await next.manager.ready).toEqual({ recovered: 1, quarantined: [] });
    await next.manager.session('s').dispatch({ type: 'say', content: 'again' });
  });
});
