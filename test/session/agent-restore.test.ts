import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  assign,
  createMachine,
  emit,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  setup,
  spawnChild,
} from 'xstate';
import type { JsonObject } from '../../src/data.ts';
import type { AgentInput } from '../../src/options.ts';
import type { AgentSnapshot } from '../../src/session/agent-snapshot.ts';
import { gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';
import { agentInput, childrenOf, contextOf, moved, Stage } from './agent-stage.ts';

describe('a restored agent', () => {
  it('has the handles of its new incarnation, its children too', () => {
    const child = createMachine({ context: ({ input }) => ({ lent: input }) });
    const logic = setup({ actors: { child } }).createMachine({
      context: ({ input }) => ({ session: (input as unknown as AgentInput).session, deep: [{ input }] }),
      invoke: {
        id: 'c',
        src: 'child',
        input: ({ context }: { context: Record<string, unknown> }) => context.session,
      },
    });
    const { agent, stage } = moved(logic);
    const { input } = stage;
    expect(contextOf(agent).session).toBe(input.session);
    expect((contextOf(agent).deep as [{ input: unknown }])[0].input).toBe(input);
    expect(contextOf(childrenOf(agent).c).lent).toBe(input.session);
  });

  it('runs no entry action again, and emits for whoever listened before it started', () => {
    const told: string[] = [];
    const logic = createMachine({
      entry: () => void told.push('entry'),
      on: { SAY: { actions: emit({ type: 'said' }) } },
    });
    const { stored } = moved(logic);
    expect(told).toEqual(['entry']);
    const stage = new Stage();
    const agent = stage.create(logic, stored, agentInput());
    agent.on('said', () => void told.push('said'));
    agent.start();
    agent.send({ type: 'SAY' });
    expect(told).toEqual(['entry', 'said']);
  });

  it('may be a frozen snapshot’s, and shares nothing with it', () => {
    const logic = createMachine({
      context: { list: [1] },
      on: { PUSH: { actions: ({ context }) => context.list.push(2) } },
    });
    const { stored } = moved(logic);
    const agent = new Stage().create(logic, stored, agentInput());
    agent.start();
    agent.send({ type: 'PUSH' });
    expect(contextOf(agent).list).toEqual([1, 2]);
    expect(stored.snapshot.context).toEqual({ list: [1] });
  });

  it('starts its promise anew, with its input', async () => {
    const inputs: unknown[] = [];
    const logic = fromPromise(({ input }) => {
      inputs.push(input);
      return new Promise(() => {});
    });
    const { stage } = moved(logic);
    expect(inputs).toHaveLength(2);
    expect(inputs[1]).toBe(stage.input);
  });

  it('does not start work again that is done, and goes on where its result led', async () => {
    let runs = 0;
    const work = fromPromise(async () => {
      runs += 1;
      return 'found';
    });
    const logic = setup({ actors: { work } }).createMachine({
      initial: 'busy',
      states: {
        busy: { invoke: { src: 'work', onDone: 'rich' } },
        rich: { on: { SPEND: 'poor' } },
        poor: {},
      },
    });
    const first = new Stage();
    const agent = first.start(logic);
    await turns();
    const restored = new Stage().restore(logic, first.persist(agent));
    restored.send({ type: 'SPEND' });
    await turns();
    expect([runs, restored.getSnapshot().value]).toEqual([1, 'poor']);
  });

  it.each<[string, (run: () => void) => AnyActorLogic]>([
    ['promise', (run) => fromPromise(async () => run())],
    ['callback', (run) => fromCallback(() => run())],
    ['observable', (run) => fromObservable(() => ({ subscribe: () => ({ unsubscribe: run() as never }) }))],
    [
      'observable of events',
      (run) => fromEventObservable(() => ({ subscribe: () => ({ unsubscribe: run() as never }) })),
    ],
  ])('starts a child anew that was at work: a %s', (_what, logicOf) => {
    let runs = 0;
    const work = logicOf(() => {
      runs += 1;
    });
    moved(setup({ actors: { work } }).createMachine({ invoke: { src: 'work' } }));
    expect(runs).toBe(2);
  });

  it('knows an error that it kept, and what its child failed with', async () => {
    const door = gate();
    const logic = setup({ actors: { work: fromPromise(() => door.promise) } }).createMachine({
      context: { last: undefined as unknown },
      invoke: { id: 'w', src: 'work', onError: { actions: assign({ last: ({ event }) => event.error }) } },
    });
    const first = new Stage();
    const agent = first.start(logic);
    door.fail(new TypeError('no such file'));
    await turns();
    const stage = new Stage();
    const restored = stage.restore(logic, first.persist(agent));
    expect(String(contextOf(restored).last)).toBe('TypeError: no such file');
    expect(childrenOf(restored).w?.getSnapshot()).toMatchObject({
      status: 'error',
      error: { name: 'TypeError' },
    });
    expect(stage.errors).toEqual([]);
  });
});

it('a machine that was stored without a context has an empty one', () => {
  const logic = createMachine({ initial: 'a', states: { a: {} } });
  const first = new Stage();
  const stored = first.persist(first.start(logic));
  const { context: _none, ...snapshot } = stored.snapshot;
  expect(contextOf(new Stage().restore(logic, { ...stored, snapshot }))).toEqual({});
});

describe('an agent that cannot be restored', () => {
  const child = createMachine({ initial: 'a', states: { a: {} } });
  const logic = setup({ actors: { child } }).createMachine({
    initial: 'a',
    entry: spawnChild('child', { id: 'c', systemId: 'only one' }),
    states: { a: { after: { 10: 'b' } }, b: {} },
  });
  const first = new Stage();
  const stored = first.persist(first.start(logic));
  const { snapshot } = stored;
  const record = (snapshot.children as Record<string, JsonObject>).c as JsonObject;
  const withChild = (changes: JsonObject) => ({ ...snapshot, children: { c: { ...record, ...changes } } });

  it.each<[string, JsonObject, string]>([
    ['a state that has gone', { ...snapshot, value: 'gone' }, "'#gone' does not exist|'gone'"],
    ['a status that ends it', { ...snapshot, status: 'stopped' }, "must be 'active' to go on"],
    ['no status', { value: 'a' }, "must be 'active' to go on"],
    ['nothing of a machine', { status: 'active' }, '.'],
    [
      'a mark of another version',
      { ...snapshot, context: { $chartroom: 'new' } },
      'a mark that this version knows',
    ],
    ['a child whose logic has gone', withChild({ src: 'gone' }), 'no logic any more for its child "c"'],
    [
      'a child in a state that has gone',
      withChild({ snapshot: { ...(record.snapshot as JsonObject), value: 'gone' } }),
      'its child "c" cannot go on from where it was: .*gone',
    ],
    [
      'a child without a snapshot',
      withChild({ snapshot: null }),
      'its child "c" must be stored with a snapshot',
    ],
    [
      'a reference to an actor that has gone',
      { ...snapshot, context: { other: { $chartroom: 'actor', path: ['x'] } } },
      'refers to its child "x", which is not there any more',
    ],
  ])('says why, and leaves nothing behind: %s', (_what, changed, reason) => {
    const stage = new Stage();
    const agent = stage.create(logic, { ...stored, snapshot: changed } as AgentSnapshot, agentInput());
    expect(agent.getSnapshot().status).toBe('error');
    expect(String((agent.getSnapshot() as { error?: unknown }).error)).toMatch(new RegExp(reason));
    expect([...stage.timers.of(agent)]).toEqual([]);
    expect(stage.root.system.get('only one')).toBeUndefined();
  });

  it('leaves no system id of a grandchild behind', () => {
    const middle = setup({ actors: { child } }).createMachine({
      invoke: { id: 'd', src: 'child', systemId: 'deep' },
    });
    const outer = setup({ actors: { middle } }).createMachine({
      initial: 'a',
      invoke: { id: 'm', src: 'middle' },
      states: { a: {} },
    });
    const before = new Stage();
    const deep = before.persist(before.start(outer));
    const stage = new Stage();
    stage.create(outer, deep, agentInput());
    expect(stage.root.system.get('deep')).toBeDefined();
    const other = new Stage();
    other.create(outer, { ...deep, snapshot: { ...deep.snapshot, value: 'gone' } }, agentInput());
    expect(other.root.system.get('deep')).toBeUndefined();
  });

  it('takes no system id from another’s actor', () => {
    const stage = new Stage();
    const other = stage.start(logic);
    const { c } = childrenOf(other);
    stage.create(logic, stored, agentInput());
    expect(stage.root.system.get('only one')).toBe(c);
  });
});
