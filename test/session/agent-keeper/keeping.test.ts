import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
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
import { Stage } from '../agent-stage.ts';
import { factWriter } from '../facts.ts';

const calm = createMachine({
  initial: 'calm',
  states: { calm: { on: { end: 'over' } }, over: { type: 'final' } },
});
const full = new SessionError('STORE_FAILED', 'the disk is full');

interface Options {
  readonly volatile?: boolean;
  readonly settings?: object;
}

const saved = ({ agentSave }: SessionEntry): Promise<void> | undefined => agentSave?.done;

/** A keeper over a journal that says what it was asked, and refuses as often as a test wants. */
function desk({ volatile = false, settings = {} }: Options = {}) {
  const actors = new Stage();
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
  const keeper = new AgentKeeper({ settings, registry, journal, guard } as never, volatile);
  const running = (id: string): SessionEntry => {
    const made = applyFact(undefined, factWriter(id).created());
    const entry = new SessionEntry({ ...made, status: 'active' }, 0);
    Object.assign(entry, { agent: actors.start(calm), agentInput: actors.input });
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
    await saved(entry);
    expect(asked).toEqual([{ id: 's', stacks: true }]);
    expect(facts).toMatchObject([{ type: 'agent_saved', sessionId: 's' }]);
    expect(saved(entry)).toBeUndefined();
  });

  it.each<[string, Options, Partial<SessionEntry>]>([
    ['where the store goes with the process', { volatile: true }, {}],
    ['of a session that has ended', {}, { registered: false }],
  ])('is not written down %s', async (_where, options, part) => {
    const { keeper, asked, running } = desk(options);
    const entry = Object.assign(running('s'), part);
    keeper.changed(entry);
    await turns();
    expect([asked, saved(entry)]).toEqual([[], undefined]);
  });

  it('is watched only where it is written down', () => {
    for (const volatile of [true, false]) {
      const { keeper, running } = desk({ volatile });
      const entry = running('s');
      entry.agentCompleted = true;
      keeper.watch(entry, entry.agent as never);
      expect([entry.agentWatch === undefined, entry.agentCompleted]).toEqual([volatile, false]);
    }
  });

  it('and fails before that is written down is not: whoever waits for it is told why, nobody else', async () => {
    const { keeper, facts, logged, running } = desk();
    const entry = running('s');
    keeper.changed(entry);
    const told = failureOf(saved(entry) as Promise<void>);
    entry.agentFailure = { cause: new Error('boom') };
    const error = await told;
    expect(error).toMatchObject({ code: 'SESSION_CRASHED', sessionId: 's', cause: { message: 'boom' } });
    expect(error.message).toContain('"s"');
    await turns();
    expect([facts, logged, saved(entry)]).toEqual([[], [], undefined]);
  });

  it('and whose session ends before that is written down has nothing to be kept', async () => {
    const { keeper, facts, logged, running } = desk();
    const entry = running('s');
    keeper.changed(entry);
    const done = saved(entry);
    entry.state.status = 'terminating';
    await done;
    expect([facts, logged]).toEqual([[], []]);
  });
});

describe('what is written of an agent', () => {
  it('is where it is, its version where it has one, and activity that made no fact', async () => {
    for (const [settings, touchedAt] of [
      [{}, undefined],
      [{ agentVersion: 7 }, '2026-01-01T00:00:00.500Z'],
    ] as const) {
      const { keeper, facts, running } = desk({ settings });
      const entry = Object.assign(running('s'), { touchedAt });
      keeper.changed(entry);
      await saved(entry);
      const agent = expect.objectContaining({ atWork: false, timers: [] });
      expect(facts[0]?.payload).toStrictEqual(
        touchedAt ? { agent, version: 7, activeAt: touchedAt } : { agent },
      );
    }
  });

  it('is that it has completed, when it has, and nothing where there is none', () => {
    const { keeper, running } = desk();
    const over = running('s');
    over.agent?.send({ type: 'end' });
    expect(keeper.write(over)).toEqual({ agent: null });
    expect(keeper.write(Object.assign(running('t'), { agentInput: undefined }))).toBeUndefined();
    expect(keeper.write(Object.assign(running('u'), { agent: undefined }))).toBeUndefined();
    expect(keeper.write(Object.assign(running('v'), { agentCompleted: true }))).toEqual({ agent: null });
  });
});

describe('a store that refuses an agent', () => {
  it('is named to the logger and to whoever waits, and gets it with the next save of any', async () => {
    const { keeper, asked, logged, refusals, running } = desk();
    const [first, second] = [running('s'), running('t')];
    refusals.push(full);
    keeper.changed(first);
    expect(await codeOf(saved(first) as Promise<void>)).toBe('STORE_FAILED');
    expect(logged).toEqual([[expect.stringContaining('"s"'), full]]);
    expect(saved(first)).toBeInstanceOf(Promise);
    keeper.changed(second);
    await Promise.all([saved(first), saved(second)]);
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
    const refused = codeOf(saved(entry) as Promise<void>);
    entry.registered = false;
    await refused;
    expect(saved(entry)).toBeUndefined();

    const changed = desk();
    const other = changed.running('s');
    changed.refusals.push(full);
    changed.keeper.changed(other);
    const save = saved(other);
    save?.catch(() => changed.keeper.changed(other));
    await turns();
    await saved(other);
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
});
