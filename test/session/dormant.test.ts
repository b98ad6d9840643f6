import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { codeOf } from '../support/errors.ts';
import { stateOf, turns } from '../support/turns.ts';
import { alive, asleep, call, slowLoad } from './asleep.ts';

describe('a session that is in the store only', () => {
  it('is counted, and comes back when it is touched', async () => {
    const { dormant, registry, revived } = await asleep({ a: alive('a'), b: alive('b', 10) });
    expect([dormant.size, dormant.counts]).toEqual([2, { active: 2 }]);
    expect(await dormant.with('a', ({ state }) => state.status)).toBe('active');
    expect([revived, registry.size, dormant.size, dormant.counts]).toEqual([['a'], 1, 1, { active: 1 }]);
  });

  it('that is in memory is used at once, and not read', async () => {
    const { dormant, revived } = await asleep({ a: alive('a') });
    await dormant.with('a', () => {});
    expect(dormant.with('a', ({ state }) => state.id)).toBe('a');
    expect(revived).toEqual(['a']);
  });

  it('is read once for all who touch it meanwhile, and they go on in the order of their calls', async () => {
    const { load, loads } = slowLoad();
    const { dormant, revived } = await asleep({ a: alive('a') }, { load });
    const order: string[] = [];
    const calls = ['first', 'second', 'third'].map((name) => dormant.with('a', () => void order.push(name)));
    loads[0]?.open(alive('a'));
    await Promise.all(calls);
    expect([order, loads.length, revived]).toEqual([['first', 'second', 'third'], 1, ['a']]);
  });

  it('lets those who waited go on before whoever calls while they do', async () => {
    const { load, loads } = slowLoad();
    const { dormant } = await asleep({ a: alive('a') }, { load });
    const order: string[] = [];
    const first = dormant.with('a', () => {
      order.push('first');
      void dormant.with('a', () => void order.push('from within the first'));
    });
    const second = dormant.with('a', () => void order.push('second'));
    loads[0]?.open(alive('a'));
    await Promise.all([first, second]);
    await turns();
    expect(order).toEqual(['first', 'second', 'from within the first']);
    expect([dormant.waiting, dormant.with('a', () => 'at once')]).toEqual([0, 'at once']);
  });

  it('that is touched goes on with what was asked, and what that throws is its own', async () => {
    const { dormant } = await asleep({ a: alive('a') });
    const failing = dormant.with('a', () => {
      throw new SessionError('ABORTED', 'no');
    });
    expect(await codeOf(Promise.resolve(failing))).toBe('ABORTED');
    expect(await dormant.with('a', ({ state }) => state.id)).toBe('a');
  });

  it('that is not there is SESSION_NOT_FOUND; without any in the store that is so at once', async () => {
    const { dormant } = await asleep({ a: alive('a') });
    expect(await codeOf(call(() => dormant.with('b', () => {})))).toBe('SESSION_NOT_FOUND');
    expect(await dormant.find('b')).toBeUndefined();
    const empty = await asleep({});
    expect(() => empty.dormant.with('b', () => {})).toThrow('There is no session "b"');
  });

  it('whose id no session could have is refused before the store is asked', async () => {
    const { dormant } = await asleep({ a: alive('a') }, { load: () => Promise.reject(new Error('asked')) });
    expect(await codeOf(call(() => dormant.with('../x', () => {})))).toBe('INVALID_SESSION_ID');
  });

  it('is known to be there without being woken', async () => {
    const { dormant, revived } = await asleep({ a: alive('a') });
    expect([await dormant.isAway('a'), await dormant.isAway('b'), revived]).toEqual([true, false, []]);
    await dormant.with('a', () => {});
    expect(await dormant.isAway('a')).toBe(false);
  });
});

describe('a session that is being created', () => {
  it('is waited for: calls on it go on once it is there', async () => {
    const { dormant, registry } = await asleep({});
    const over = dormant.expect('a');
    const waiting = dormant.with('a', ({ state }) => state.id);
    expect(await stateOf(Promise.resolve(waiting))).toBe('pending');
    const [created] = alive('a').records;
    const entry = new SessionEntry({ id: 'a', seq: 1, status: 'initializing', made: created } as never, 0);
    registry.add(entry);
    dormant.created(entry);
    over();
    expect(await waiting).toBe('a');
  });

  it('is not what an earlier call asked for: that finds nothing', async () => {
    const { load, loads } = slowLoad();
    const { dormant, registry } = await asleep({ b: alive('b') }, { load });
    const early = codeOf(call(() => dormant.with('a', () => {})));
    dormant.expect('a');
    const late = dormant.with('a', ({ state }) => state.id);
    const entry = new SessionEntry({ id: 'a', seq: 1, status: 'initializing' } as never, 0);
    registry.add(entry);
    dormant.created(entry);
    expect([await early, await late]).toEqual(['SESSION_NOT_FOUND', 'a']);
    loads[0]?.open({ records: [] });
    await turns();
    expect(dormant.size).toBe(1);
  });

  it('is waited for also when the store has answered that it has none', async () => {
    const { load, loads } = slowLoad();
    const { dormant } = await asleep({ b: alive('b') }, { load });
    const early = codeOf(call(() => dormant.with('a', () => {})));
    const over = dormant.expect('a');
    const late = codeOf(call(() => dormant.with('a', () => {})));
    loads[0]?.open({ records: [] });
    expect([await early, await stateOf(late)]).toEqual(['SESSION_NOT_FOUND', 'pending']);
    over();
    expect(await late).toBe('SESSION_NOT_FOUND');
  });

  it('and is not, after all, is SESSION_NOT_FOUND, or whoever the store has of that id', async () => {
    const { dormant, revived } = await asleep({ a: alive('a') });
    const [overA, overB] = [dormant.expect('a'), dormant.expect('b')];
    const [a, b] = [
      dormant.with('a', ({ state }) => state.id),
      codeOf(call(() => dormant.with('b', () => {}))),
    ];
    overA();
    overA();
    overB();
    expect([await a, await b, revived]).toEqual(['a', 'SESSION_NOT_FOUND', ['a']]);
  });

  it('twice is waited for until neither can come any more', async () => {
    const { dormant } = await asleep({});
    const [first, second] = [dormant.expect('a'), dormant.expect('a')];
    const waiting = codeOf(call(() => dormant.with('a', () => {})));
    first();
    expect(await stateOf(waiting)).toBe('pending');
    second();
    expect(await waiting).toBe('SESSION_NOT_FOUND');
  });
});

describe('closing', () => {
  it('refuses whoever waits, and forgets what it counted', async () => {
    const { load, loads } = slowLoad();
    const { dormant, revived } = await asleep({ a: alive('a') }, { load });
    const waiting = codeOf(call(() => dormant.with('a', () => {})));
    dormant.close(new SessionError('MANAGER_CLOSED', 'closed'));
    loads[0]?.open(alive('a'));
    expect(await waiting).toBe('MANAGER_CLOSED');
    await turns();
    expect([dormant.size, dormant.counts, revived]).toEqual([0, {}, []]);
  });
});
