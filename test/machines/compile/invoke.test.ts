import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createActor, fromCallback, fromTransition, setup } from 'xstate';
import { compile } from '../../../machines/compile.ts';

interface Shown {
  readonly status: string;
  readonly value: unknown;
  readonly children: Record<string, AnyActorRef>;
}
const shown = (actor: AnyActorRef) => actor.getSnapshot() as never as Shown;
const counter = fromTransition((n: number, _event, _scope) => n + 1, 0);

/** Two actors at work in one state, one in the state around it. */
function team(log: string[] = []) {
  const worker = fromCallback(({ input }) => {
    log.push(`starts with ${JSON.stringify(input)}`);
    return () => log.push(`stops with ${JSON.stringify(input)}`);
  });
  return setup({ actors: { worker } }).createMachine({
    context: { name: 'c' },
    initial: 'off',
    states: {
      off: { on: { on: 'on' } },
      on: {
        initial: 'one',
        invoke: { id: 'outer', src: 'worker', input: 'as it is' },
        on: { off: 'off', stay: { actions: () => log.push('stays') } },
        states: {
          one: {
            invoke: [
              { id: 'first', src: 'worker', input: ({ context, event }) => [context, event.type] as never },
              { id: 'second', src: 'worker', input: ({ self }) => [self.id] as never },
            ],
            on: { two: 'two' },
          },
          two: {},
        },
      },
    },
  });
}

describe('the actors that a compiled chart invokes', () => {
  it('are given their input as it stands, or what it makes of context, event and self', () => {
    const log: string[] = [];
    const actor = createActor(compile(team(log)), { id: 'chart' }).start();
    actor.send({ type: 'on' });
    expect(log).toEqual([
      'starts with "as it is"',
      'starts with [{"name":"c"},"on"]',
      'starts with ["chart"]',
    ]);
    expect(Object.keys(shown(actor).children)).toEqual(['outer', 'first', 'second']);
    for (const [id, child] of Object.entries(shown(actor).children)) {
      expect(child.id).toBe(id);
      expect(child.src).toBe('worker');
    }
  });

  it('stop with the state that invokes them, and no others do', () => {
    const log: string[] = [];
    const actor = createActor(compile(team(log)), { id: 'chart' }).start();
    actor.send({ type: 'on' });
    const { outer } = shown(actor).children;
    log.length = 0;
    actor.send({ type: 'two' });
    expect(log).toEqual(['stops with [{"name":"c"},"on"]', 'stops with ["chart"]']);
    expect(shown(actor).children).toEqual({ outer });
    actor.send({ type: 'stay' });
    expect(shown(actor)).toMatchObject({ status: 'active', value: { on: 'two' }, children: { outer } });
    actor.send({ type: 'off' });
    expect(log.slice(2)).toEqual(['stays', 'stops with "as it is"']);
    expect(shown(actor).children).toEqual({});
  });

  it('stop with the chart', () => {
    const log: string[] = [];
    const actor = createActor(compile(team(log)), { id: 'chart' }).start();
    actor.send({ type: 'on' });
    const { children } = shown(actor);
    log.length = 0;
    actor.stop();
    expect(log).toHaveLength(3);
    for (const child of Object.values(children)) expect(child.getSnapshot().status).toBe('stopped');
    expect(shown(actor)).toMatchObject({ status: 'stopped', value: { on: 'one' }, children: {} });
  });

  it('are forgotten one by one as they end or fail, and only by events of their own', () => {
    const actor = createActor(compile(team()), { id: 'chart' }).start();
    actor.send({ type: 'on' });
    const { outer, second } = shown(actor).children;
    const send = (type: string, actorId: string) => actor.send({ type, actorId } as never);
    send('on', 'first');
    send('xstate.done.actor.stranger', 'stranger');
    send('xstate.done.actor.toString', 'toString');
    expect(Object.keys(shown(actor).children)).toEqual(['outer', 'first', 'second']);
    send('xstate.done.actor.first', 'first');
    expect(shown(actor).children).toEqual({ outer, second });
    expect(shown(actor)).toMatchObject({ status: 'active', value: { on: 'one' } });
    send('xstate.error.actor.second', 'second');
    expect(shown(actor).children).toEqual({ outer });
    send('xstate.done.actor.outer', 'outer');
    expect(shown(actor).children).toEqual({});
    actor.send({ type: 'two' });
    expect(shown(actor)).toMatchObject({ value: { on: 'two' }, children: {} });
  });

  it('that start with the chart are told that it starts', () => {
    const seen: unknown[] = [];
    const machine = setup({ actors: { counter } }).createMachine({
      context: { name: 'c' },
      initial: 'a',
      states: {
        a: {
          entry: ({ context, event, self, system }) =>
            seen.push([context, event, self === actor, system === actor.system]),
          invoke: {
            id: 'it',
            src: 'counter',
            input: ({ context, event }) => {
              seen.push([context, event]);
            },
          },
          on: { again: { actions: ({ context, event }) => seen.push([context, event]) } },
        },
      },
    });
    const actor = createActor(compile(machine));
    actor.start();
    const init = { type: 'xstate.init' };
    expect(seen).toEqual([
      [{ name: 'c' }, init],
      [{ name: 'c' }, init, true, true],
    ]);
    actor.send({ type: 'again' });
    expect(seen[2]).toEqual([{ name: 'c' }, { type: 'again' }]);
    seen.length = 0;
    createActor(compile(machine), {
      snapshot: { status: 'active', value: 'a', context: { name: 'd' } } as never,
    }).start();
    expect(seen).toEqual([[{ name: 'd' }, init]]);
  });

  it('are those that stand in what it is restored from, by their own ids', () => {
    const stored = { status: 'active', value: { on: 'one' }, context: { name: 'c' } };
    const logic = compile(team());
    const restore = (children: object) =>
      shown(createActor(logic, { snapshot: { ...stored, children } as never }).start()).children;
    expect(Object.keys(restore({ outer: {}, second: {} }))).toEqual(['outer', 'second']);
    expect(restore({ toString: {} })).toEqual({});
  });
});
