import { describe, expect, it } from 'vitest';
import { Batch } from '../../../src/batch.ts';
import { SessionError } from '../../../src/errors.ts';
import { Guard } from '../../../src/guard.ts';
import { AgentKeeper } from '../../../src/session/agent-keeper.ts';
import { SessionEntry } from '../../../src/session/entry.ts';
import type { Fact } from '../../../src/session/facts.ts';
import { Registry } from '../../../src/session/registry.ts';
import { applyFact } from '../../../src/session/state.ts';
import type { Decision } from '../../../src/turns.ts';
import { codeOf, failureOf, strays } from '../../support/errors.ts';
import { turns } from '../../support/turns.ts';
import { factWriter } from '../facts.ts';

const SNAPSHOT = { snapshot: {}, atWork: false, timers: [], lostTimers: [] };
const full = new SessionError('STORE_FAILED', 'the disk is full');

interface Options {
  readonly volatile?: boolean;
  readonly settings?: object;
  readonly completed?: boolean;
  readonly opened?: boolean;
}

/** A keeper over a journal that says what it was asked, and refuses as often as a test wants. */
function desk({
  volatile = false,
  settings = { agent: {} },
  completed = false,
  opened = true,
}: Options = {}) {
  const asked: Array<{ id: string; stacks: boolean | undefined }> = [];
  const facts: Fact[] = [];
  const logged: unknown[][] = [];
  const registry = new Registry();
  const refusals: unknown[] = [];
  const journal = {
    concerns: () => false,
    async commit(id: string, decide: Decision<unknown>, stacks?: boolean) {
      asked.push({ id, stacks });
      const batch = new Batch(10, '2026-01-01T00:00:00.000Z');
      await decide(batch);
      if (refusals.length > 0) throw refusals.shift();
      facts.push(...batch.facts);
    },
  };
  const guard = new Guard((...line: unknown[]) => void logged.push(line));
  const keeper = new AgentKeeper({ settings, registry, journal, guard } as never);
  const persistence = {
    AgentWatch: class {
      look() {}
    },
    persistAgent: () => SNAPSHOT,
    hasCompleted: () => completed,
    sameJson: () => false,
  };
  if (opened) keeper.open(persistence as never, volatile);
  const running = (id: string): SessionEntry => {
    const made = applyFact(undefined, factWriter(id).created());
    const entry = new SessionEntry({ ...made, status: 'active' }, 0);
    Object.assign(entry, { agent: {}, agentInput: {} });
    registry.add(entry);
    return entry;
  };
  return { keeper, asked, facts, logged, refusals, running };
}

describe('an agent that changes', () => {
  it('is written down, together with what its session is about to have', async () => {
    const { keeper, asked, facts, running } = desk();
    const entry = running('s');
    keeper.changed(entry);
    expect(asked).toEqual([]);
    await keeper.saved(entry);
    expect(asked).toEqual([{ id: 's', stacks: true }]);
    expect(facts).toMatchObject([{ type: 'agent_saved', sessionId: 's' }]);
    expect(keeper.saved(entry)).toBeUndefined();
  });

  it.each<[string, Options, Partial<SessionEntry>]>([
    ['where the store goes with the process', { volatile: true }, {}],
    ['before there is a store', { opened: false }, {}],
    ['of a session that has ended', {}, { registered: false }],
  ])('is not written down %s', async (_where, options, part) => {
    const { keeper, asked, running } = desk(options);
    const entry = Object.assign(running('s'), part);
    keeper.changed(entry);
    await turns();
    expect([asked, keeper.saved(entry)]).toEqual([[], undefined]);
  });

  it.each<[string, Options]>([
    ['where the store goes with the process', { volatile: true }],
    ['before there is a store', { opened: false }],
  ])('is not watched either %s', (_where, options) => {
    const { keeper, running } = desk(options);
    const entry = running('s');
    entry.agentCompleted = true;
    keeper.watch(entry, {} as never);
    expect([entry.agentWatch, entry.agentCompleted]).toEqual([undefined, false]);
  });

  it('and fails before that is written down is not: whoever waits for it is told why, nobody else', async () => {
    const { keeper, facts, logged, running } = desk();
    const entry = running('s');
    keeper.changed(entry);
    const saved = failureOf(keeper.saved(entry) as Promise<void>);
    entry.agentFailure = { cause: new Error('boom') };
    const error = await saved;
    expect(error).toMatchObject({ code: 'SESSION_CRASHED', sessionId: 's', cause: { message: 'boom' } });
    expect(error.message).toContain('"s"');
    await turns();
    expect([facts, logged, keeper.saved(entry)]).toEqual([[], [], undefined]);
  });

  it('and whose session ends before that is written down has nothing to be kept', async () => {
    const { keeper, facts, logged, running } = desk();
    const entry = running('s');
    keeper.changed(entry);
    const saved = keeper.saved(entry);
    entry.state.status = 'terminating';
    await saved;
    expect([facts, logged]).toEqual([[], []]);
  });
});

describe('what is written of an agent', () => {
  it('is where it is, its version where it has one, and activity that made no fact', async () => {
    for (const [settings, touchedAt] of [
      [{ agent: {} }, undefined],
      [{ agent: {}, agentVersion: 7 }, '2026-01-01T00:00:00.500Z'],
    ] as const) {
      const { keeper, facts, running } = desk({ settings });
      const entry = Object.assign(running('s'), { touchedAt });
      keeper.changed(entry);
      await keeper.saved(entry);
      const expected = touchedAt ? { agent: SNAPSHOT, version: 7, activeAt: touchedAt } : { agent: SNAPSHOT };
      expect(facts[0]?.payload).toStrictEqual(expected);
    }
  });

  it('is that it has completed, when it has, and nothing where there is none', () => {
    expect(desk({ completed: true }).keeper.write(desk().running('s'))).toEqual({ agent: null });
    const { keeper, running } = desk();
    expect(keeper.write(Object.assign(running('s'), { agentInput: undefined }))).toBeUndefined();
    expect(keeper.write(Object.assign(running('t'), { agent: undefined }))).toBeUndefined();
    expect(keeper.write(Object.assign(running('u'), { agentCompleted: true }))).toEqual({ agent: null });
  });

  it('cannot be asked for where there is no agent', () => {
    expect(() => desk({ opened: false }).keeper.persistence).toThrow('agent');
  });
});

describe('a store that refuses an agent', () => {
  it('is named to the logger and to whoever waits, and gets it with the next save of any', async () => {
    const { keeper, asked, logged, refusals, running } = desk();
    const [first, second] = [running('s'), running('t')];
    refusals.push(full);
    keeper.changed(first);
    expect(await codeOf(keeper.saved(first) as Promise<void>)).toBe('STORE_FAILED');
    expect(logged).toEqual([[expect.stringContaining('"s"'), full]]);
    expect(keeper.saved(first)).toBeInstanceOf(Promise);
    keeper.changed(second);
    await Promise.all([keeper.saved(first), keeper.saved(second)]);
    expect(asked.map(({ id }) => id)).toEqual(['s', 's', 't']);
  });

  it('is no unhandled rejection where nobody waits', async () => {
    const { keeper, refusals, running } = desk();
    refusals.push(full);
    expect(await strays(async () => keeper.changed(running('s')))).toEqual([]);
  });

  it('does not get one again whose session has ended, nor one twice that has changed since', async () => {
    const ended = desk();
    const entry = ended.running('s');
    ended.refusals.push(full);
    ended.keeper.changed(entry);
    const refused = codeOf(ended.keeper.saved(entry) as Promise<void>);
    entry.registered = false;
    await refused;
    expect(ended.keeper.saved(entry)).toBeUndefined();

    const changed = desk();
    const other = changed.running('s');
    changed.refusals.push(full);
    changed.keeper.changed(other);
    const save = changed.keeper.saved(other);
    save?.catch(() => changed.keeper.changed(other));
    await turns();
    await changed.keeper.saved(other);
    await turns();
    expect(changed.asked).toHaveLength(2);
  });
});

describe('a manager that closes', () => {
  it('writes down what has changed, and once more what was refused then', async () => {
    const { keeper, asked, facts, refusals, running } = desk();
    keeper.changed(running('s'));
    refusals.push(full);
    await keeper.close();
    expect(asked).toHaveLength(2);
    expect(facts).toHaveLength(1);
    await keeper.close();
    expect(asked).toHaveLength(2);
  });

  it('writes down every agent that runs, where the store goes with the process', async () => {
    const { keeper, asked, facts, running } = desk({ volatile: true });
    for (const id of ['a', 'b', 'c']) running(id);
    running('starting').state.status = 'initializing';
    running('ending').state.status = 'terminating';
    await keeper.close();
    expect(asked.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(facts).toHaveLength(3);
  });

  it('closes also when the store refuses all of that', async () => {
    const { keeper, logged, refusals, running } = desk({ volatile: true });
    running('s');
    refusals.push(full, full, full);
    await keeper.close();
    expect(logged.length).toBeGreaterThan(0);
  });

  it('has nothing to write down without an agent', async () => {
    const { keeper, asked, running } = desk({ settings: {}, opened: false });
    running('s');
    await keeper.close();
    expect(asked).toEqual([]);
  });
});
