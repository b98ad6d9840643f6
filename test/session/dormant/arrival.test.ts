import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.ts';
import { codeOf } from '../../support/errors.ts';
import { stateOf, turns } from '../../support/turns.ts';
import { alive, asleep, call, newborn, slowLoad } from '../asleep.ts';

const idOf = ({ state }: { state: { id: string } }) => state.id;

describe('a session that is in memory', () => {
  it('is used at once, whoever else is being read', async () => {
    const { load } = slowLoad();
    const { dormant, registry } = await asleep({ b: alive('b') }, { load });
    registry.add(newborn('a'));
    const b = dormant.with('b', idOf);
    expect(dormant.with('a', idOf)).toBe('a');
    expect(await stateOf(Promise.resolve(b))).toBe('pending');
  });
});

describe('a session that is read', () => {
  it('is read once, also for whoever calls while those go on who have waited', async () => {
    const { load, loads } = slowLoad();
    const { dormant } = await asleep({ a: alive('a'), b: alive('b', 9) }, { load });
    const within: unknown[] = [];
    const first = dormant.with('a', () => {
      within.push(dormant.with('a', idOf));
    });
    loads[0]?.open(alive('a'));
    await first;
    expect(await Promise.all(within)).toEqual(['a']);
    expect(loads).toHaveLength(1);
  });

  it('is not read by whoever only expected it', async () => {
    const { dormant, asked } = await asleep({ a: alive('a') });
    dormant.expect('a')();
    await turns();
    expect([asked.loads, dormant.expected()]).toEqual([[], []]);
  });
});

describe('a session that is being created', () => {
  it('is not looked for in the store by those who wait for it', async () => {
    const { dormant, registry, asked } = await asleep({ b: alive('b') });
    const over = dormant.expect('a');
    const waiting = dormant.with('a', idOf);
    await turns();
    expect([asked.loads, dormant.expected()]).toEqual([[], ['a']]);
    const entry = newborn('a');
    registry.add(entry);
    dormant.created(entry);
    over();
    expect([await waiting, dormant.waiting]).toEqual(['a', 0]);
  });

  it('is told apart from those that are only looked for', async () => {
    const { load } = slowLoad();
    const { dormant } = await asleep({ a: alive('a'), b: alive('b', 9) }, { load });
    void call(() => dormant.with('a', () => {})).catch(() => {});
    const over = dormant.expect('b');
    expect(dormant.expected()).toEqual(['b']);
    over();
    expect(dormant.expected()).toEqual([]);
  });

  it('has come to an end once, however often that is said', async () => {
    const { dormant } = await asleep({});
    const [first] = [dormant.expect('a'), dormant.expect('a')];
    const waiting = codeOf(call(() => dormant.with('a', () => {})));
    first();
    first();
    expect(await stateOf(waiting)).toBe('pending');
    expect(dormant.expected()).toEqual(['a']);
  });

  it('and never is, is not there: a store that has none is not asked, then or later', async () => {
    const { dormant, asked } = await asleep({});
    const over = dormant.expect('a');
    const waiting = codeOf(call(() => dormant.with('a', () => {})));
    over();
    expect([await waiting, dormant.waiting]).toEqual(['SESSION_NOT_FOUND', 0]);
    expect(() => dormant.with('a', () => {})).toThrow('"a"');
    expect(asked.loads).toEqual([]);
  });

  it.each([
    ['has none', false],
    ['has one', true],
  ])('and never is, is what the store says that was asked before: it %s', async (_says, isThere) => {
    const { load, loads } = slowLoad();
    const { dormant } = await asleep({ b: alive('b', 9) }, { load });
    const early = codeOf(call(() => dormant.with('a', () => {})));
    const over = dormant.expect('a');
    const late = codeOf(call(() => dormant.with('a', () => {})));
    over();
    expect(await stateOf(late)).toBe('pending');
    loads[0]?.open(isThere ? alive('a') : { records: [] });
    const outcome = isThere ? 'resolved instead' : 'SESSION_NOT_FOUND';
    expect([await early, await late]).toEqual([outcome, outcome]);
    expect([dormant.waiting, loads.length]).toEqual([0, 1]);
  });
});

describe('what the store says of a session that was created meanwhile', () => {
  /** Somebody has looked for `a`, which was then created. */
  async function overtaken() {
    const { load, loads } = slowLoad();
    const on = await asleep({ b: alive('b', 9) }, { load });
    const used: string[] = [];
    const early = codeOf(call(() => on.dormant.with('a', () => void used.push('early'))));
    on.dormant.expect('a');
    const entry = newborn('a');
    on.registry.add(entry);
    on.dormant.created(entry);
    expect(await early).toBe('SESSION_NOT_FOUND');
    return { ...on, used, entry, answer: loads[0] as (typeof loads)[number] };
  }

  it('brings no second one: neither when it has it by now, nor when it has none', async () => {
    for (const answer of [alive('a'), { records: [] }]) {
      const on = await overtaken();
      on.answer.open(answer);
      await turns();
      expect([on.revived, on.dormant.size, on.registry.get('a')]).toEqual([[], 1, on.entry]);
      expect([on.used, on.dormant.waiting]).toEqual([[], 0]);
    }
  });

  it('puts it in no quarantine', async () => {
    const on = await overtaken();
    on.answer.fail(new SessionError('STORE_CORRUPT', 'torn'));
    await turns();
    expect([on.registry.quarantined.size, on.dormant.size]).toEqual([0, 1]);
  });

  it('does not keep whoever was refused waiting, nor has it done what they asked', async () => {
    const { load } = slowLoad();
    const { dormant, registry } = await asleep({ b: alive('b', 9) }, { load });
    const used: string[] = [];
    const early = codeOf(call(() => dormant.with('a', () => void used.push('early'))));
    dormant.expect('a');
    const late = dormant.with('a', () => void used.push('late'));
    const entry = newborn('a');
    registry.add(entry);
    dormant.created(entry);
    await late;
    expect([await early, used, dormant.waiting]).toEqual(['SESSION_NOT_FOUND', ['late'], 0]);
  });
});

describe('a session that was created, went to sleep and is read again', () => {
  it('comes back, although its creation is said to be over only then', async () => {
    const { load, loads } = slowLoad();
    const { dormant, registry } = await asleep({ b: alive('b', 9) }, { load });
    const over = dormant.expect('a');
    const entry = newborn('a');
    registry.add(entry);
    dormant.created(entry);
    registry.remove(entry);
    dormant.moved('idle', 1);
    const waiting = dormant.with('a', idOf);
    over();
    loads[0]?.open(alive('a'));
    expect(await waiting).toBe('a');
  });
});
