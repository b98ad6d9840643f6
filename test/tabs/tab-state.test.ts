import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { TabStates } from '../../src/tabs/tab-state.ts';
import { loggedGuard } from '../support/log.ts';
import { turns } from '../support/turns.ts';

const reason = new SessionError('CONNECTION_LOST', 'There are no locks.');

function setUp() {
  const { guard, lines } = loggedGuard();
  const states = new TabStates(guard);
  const told: string[] = [];
  return { states, lines, told, listen: () => states.subscribe(() => told.push(states.state.is)) };
}

describe('the state of a tab', () => {
  it('is the same frozen object until it changes', () => {
    const { states } = setUp();
    const joining = states.state;
    states.set({ is: 'joining' });
    expect(states.state).toBe(joining);
    states.set({ is: 'owner' });
    expect([joining.is, states.state.is, Object.isFrozen(states.state)]).toEqual(['joining', 'owner', true]);
  });

  it('is told to each listener when it changes, until that is taken back', () => {
    const { states, listen, told } = setUp();
    const stops = [listen(), listen()];
    states.set({ is: 'follower' });
    states.set({ is: 'follower' });
    stops[0]?.();
    stops[0]?.();
    states.set({ is: 'owner' });
    stops[1]?.();
    states.set({ is: 'joining' });
    expect(told).toEqual(['follower', 'follower', 'owner']);
  });

  it('stays closed', () => {
    const { states, listen, told } = setUp();
    states.set({ is: 'closed' });
    listen();
    states.set({ is: 'owner' });
    expect([states.state.is, told]).toEqual(['closed', []]);
  });

  it('may fail for another reason', () => {
    const { states } = setUp();
    states.set({ is: 'failed', reason });
    const other = new SessionError('STORE_LOCKED', 'locked');
    states.set({ is: 'failed', reason: other });
    expect(states.state).toEqual({ is: 'failed', reason: other });
  });

  it('tells all, whichever of them throws', () => {
    const { states, listen, told, lines } = setUp();
    states.subscribe(() => {
      throw new Error('mine');
    });
    listen();
    states.set({ is: 'owner' });
    expect(told).toEqual(['owner']);
    expect(lines).toEqual([
      ['error', expect.stringContaining('a listener of the tab threw'), expect.any(Error)],
    ]);
  });
});

describe('that a tab is alone or has failed', () => {
  it('is said in the log when nobody listens by the next turn', async () => {
    const { states, lines } = setUp();
    states.set({ is: 'alone', reason });
    expect(lines).toEqual([]);
    await turns();
    expect(lines).toEqual([['warn', 'chartroom: this tab is alone. There are no locks.']]);
  });

  it('is left to whoever listens by then', async () => {
    const { states, lines, listen } = setUp();
    states.set({ is: 'failed', reason });
    listen();
    await turns();
    expect(lines).toEqual([]);
  });
});
