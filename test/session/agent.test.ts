import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  createMachine,
  fromCallback,
  fromPromise,
  fromTransition,
  setup,
} from 'xstate';
import type { Engine } from '../../src/engine.ts';
import { adoptAgent, checkAgentEvent, runningChildren } from '../../src/session/agent.ts';
import type { AgentRevival } from '../../src/session/agent-restore.ts';
import type { AgentSnapshot } from '../../src/session/agent-snapshot.ts';
import { Agents } from '../../src/session/agents.ts';
import type { ScopedHandles } from '../../src/session/host.ts';
import type { Lifecycle } from '../../src/session/lifecycle.ts';
import { codeThrown } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';
import { agentInput, Stage } from './agent-stage.ts';

const none = () => undefined;

/** An actor of logic that gives no snapshot at all, as XState's plain build lets it. */
const snapshotless = { getSnapshot: () => undefined } as unknown as AnyActorRef;

describe('adopting an agent', () => {
  it('shows each new actor before it runs, and gives it its input', () => {
    const told: string[] = [];
    const machine = createMachine({
      context: ({ input }) => ({ input }),
      entry: ({ context }) => void told.push(`entry with ${context.input}`),
    });
    const seen: Array<[string, AnyActorRef, string]> = [];
    const adopted = adoptAgent(machine, (id, agent) => {
      seen.push([id, agent, told.join()]);
      return `the input of ${id}`;
    });
    const actors = ['a', 'b'].map((id) => createActor(adopted, { input: { id } }).start());
    expect(seen).toEqual([
      ['a', actors[0], ''],
      ['b', actors[1], 'entry with the input of a'],
    ]);
    expect(told).toEqual(['entry with the input of a', 'entry with the input of b']);
  });

  it.each<[string, AnyActorLogic]>([
    [
      'a transition',
      fromTransition(
        (state: unknown) => state,
        ({ input }: { input: unknown }) => input,
      ),
    ],
    ['a promise', fromPromise(({ input }) => Promise.resolve(input))],
    ['a callback', fromCallback(() => {})],
  ])('works for %s as it does for a machine, and leaves the logic as it was', (_what, logic) => {
    const before = logic.getInitialSnapshot;
    const adopted = adoptAgent(logic, (id) => `for ${id}`);
    const snapshot = createActor(adopted, { input: { id: 's' } }).getSnapshot();
    expect(JSON.stringify(snapshot)).toContain('for s');
    expect(logic.getInitialSnapshot).toBe(before);
    expect(adopted.transition).toBe(logic.transition);
  });

  it('keeps the own methods of a machine, and what drawings and inspectors read of it', () => {
    const machine = createMachine({
      id: 'helper',
      initial: 'resting',
      options: { maxIterations: 7 },
      states: { resting: { on: { WORK: 'working' } }, working: {} },
    });
    const adopted = adoptAgent(machine, none) as typeof machine;
    expect(adopted).toBeInstanceOf(machine.constructor);
    expect([adopted.id, adopted.root]).toEqual(['helper', machine.root]);
    expect(JSON.stringify(adopted.definition)).toBe(JSON.stringify(machine.definition));
    expect(adopted.getStateNodeById('helper.working').key).toBe('working');
    const actor = createActor(adopted, { input: { id: 's' } }).start();
    actor.send({ type: 'WORK' });
    expect(actor.getSnapshot().matches('working')).toBe(true);
  });

  describe('that was stored', () => {
    const machine = createMachine({
      id: 'helper',
      context: ({ input }) => ({ lent: input }),
      initial: 'resting',
      states: { resting: { on: { WORK: 'working' } }, working: { after: { 50: 'resting' } } },
    });
    function stored() {
      const stage = new Stage();
      const agent = stage.start(machine);
      agent.send({ type: 'WORK' });
      return stage.persist(agent);
    }
    /** The agent restored from this, and what was told of it, in order. */
    function revived(agent: AgentSnapshot) {
      const stage = new Stage();
      const input = agentInput('t');
      const told: unknown[] = [];
      const log = (_level: string, message: string, ...lost: string[]) => told.push(['lost', message, lost]);
      const engine = { guard: { log } } as unknown as Engine;
      const agents = new Agents(engine, {} as Lifecycle, {} as ScopedHandles, true);
      const adopt = (id: string, actor: AnyActorRef) => {
        told.push(['adopt', id, actor]);
        return input;
      };
      const adopted = adoptAgent(machine, adopt, agents.restore);
      const snapshot = { sessionId: 's', agent } satisfies AgentRevival as never;
      const actor = createActor(adopted, { parent: stage.root, snapshot });
      return { stage, input, told, actor };
    }

    it('adopts the new actor before it runs, and goes on with its input', () => {
      const { actor, input, stage, told } = revived(stored());
      expect(told).toEqual([['adopt', 's', actor]]);
      expect(actor.start().getSnapshot()).toMatchObject({ value: 'working', status: 'active' });
      expect((actor.getSnapshot() as { context?: { lent?: unknown } }).context?.lent).toBe(input);
      stage.clock.increment(50);
      expect(actor.getSnapshot()).toMatchObject({ value: 'resting' });
    });

    it('starts afresh, with the same input, when it cannot go on; the reason is told', () => {
      const { snapshot, ...rest } = stored();
      const { actor, input, told } = revived({ ...rest, snapshot: { ...snapshot, value: 'gone' } });
      expect(told).toEqual([
        ['adopt', 's', actor],
        [
          'lost',
          expect.stringContaining('its agent, which starts afresh'),
          [expect.stringContaining('gone')],
        ],
      ]);
      expect(actor.start().getSnapshot()).toMatchObject({ value: 'resting', status: 'active' });
      expect((actor.getSnapshot() as { context?: { lent?: unknown } }).context?.lent).toBe(input);
    });

    it('goes on without a delayed event that is lost, which is told', () => {
      const { actor, told } = revived({ ...stored(), lostTimers: ['one'] });
      expect(told[1]).toEqual(['lost', expect.stringContaining('a part of its agent'), ['one']]);
      expect(actor.start().getSnapshot()).toMatchObject({ value: 'working' });
    });
  });
});

describe('the bound on iterations', () => {
  const restless = (options?: { maxIterations: number }) =>
    createMachine({
      initial: 'a',
      ...(options && { options }),
      states: { a: { on: { GO: 'b' } }, b: { always: 'c' }, c: { always: 'b' } },
    });
  const iterationsOf = (logic: AnyActorLogic) =>
    (logic as unknown as ReturnType<typeof restless>).options.maxIterations;

  it('is 1000 for a machine without one, so that an endless `always` is an error', () => {
    const machine = restless();
    const adopted = adoptAgent(machine, none);
    expect(iterationsOf(adopted)).toBe(1000);
    const actor = createActor(adopted, { input: { id: 's' } });
    let failure: unknown;
    actor.subscribe({
      error: (error) => {
        failure = error;
      },
    });
    actor.start().send({ type: 'GO' });
    expect(actor.getSnapshot().status).toBe('error');
    expect(String(failure)).toMatch(/infinite loop/i);
  });

  it('is the machine’s own where it has one', () => {
    const machine = restless({ maxIterations: 7 });
    expect(iterationsOf(adoptAgent(machine, none))).toBe(7);
  });

  it('leaves the machine that was given as it was, with the implementations that it had', () => {
    const told: string[] = [];
    const machine = setup({ actions: { tell: () => void told.push('default') } })
      .createMachine({ entry: 'tell' })
      .provide({ actions: { tell: () => void told.push('provided') } });
    createActor(adoptAgent(machine, none), { input: { id: 's' } }).start();
    expect(told).toEqual(['provided']);
    expect(iterationsOf(machine)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is no business of other logic', () => {
    const logic = fromCallback(() => {});
    expect('options' in adoptAgent(logic, none)).toBe(false);
  });
});

describe('the running children of an agent', () => {
  it('are those that have neither ended nor failed', async () => {
    const fails = gate();
    const ends = gate();
    const machine = createMachine({
      invoke: [
        { src: fromCallback(() => {}) },
        { src: fromPromise(() => ends.promise) },
        { src: fromPromise(() => fails.promise), onError: { actions: () => {} } },
      ],
    });
    const actor = createActor(machine).start();
    expect(runningChildren(actor)).toBe(3);
    ends.open();
    fails.fail(new Error('boom'));
    await turns();
    expect(runningChildren(actor)).toBe(1);
    actor.stop();
    expect(runningChildren(actor)).toBe(0);
  });

  it('are none for logic without children, or without a snapshot', () => {
    expect(runningChildren(createActor(fromTransition(() => 1, 0)).start())).toBe(0);
    expect(runningChildren(snapshotless)).toBe(0);
    const strange = { getSnapshot: () => ({ status: 'active', children: [1, null] }) };
    expect(runningChildren(strange as unknown as AnyActorRef)).toBe(0);
  });
});

describe('an event for an agent', () => {
  it('is copied and frozen', () => {
    const event = { type: 'ask', about: { files: ['a'] } };
    const checked = checkAgentEvent(event);
    event.about.files.push('b');
    expect(checked).toEqual({ type: 'ask', about: { files: ['a'] } });
    expect(Object.isFrozen(checked)).toBe(true);
  });

  it.each([
    ['null', null],
    ['a text', 'ask'],
    ['an array', []],
    ['without a type', {}],
    ['of an empty type', { type: '' }],
    ['of a type that is no text', { type: 42 }],
    ['that would stop the agent', { type: 'xstate.stop' }],
    ['that would fail the agent', { type: 'xstate.error.actor.x' }],
    ['of every type', { type: '*' }],
    ['that is no JSON', { type: 'ask', answer: () => {} }],
  ])('%s is refused', (_what, event) => {
    expect(codeThrown(() => checkAgentEvent(event))).toBe('INVALID_ARGUMENT');
  });

  it.each([
    [null, 'event must be'],
    [{ type: 42 }, 'event.type must be a non-empty string'],
    [{ type: '' }, 'event.type must be a non-empty string'],
    [{ type: 'xstate.stop' }, 'event.type must be a type of your own: the prefix "xstate."'],
  ])('%j is refused for what it lacks', (event, said) => {
    expect(() => checkAgentEvent(event)).toThrow(said);
  });

  it('may have a type that only looks like one of XState’s', () => {
    for (const type of ['xstate', 'xstates.stop', 'my.xstate.stop', '**'])
      expect(checkAgentEvent({ type }).type).toBe(type);
  });
});
