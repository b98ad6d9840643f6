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
import { actsByItself, isLogic, isMachine, prepare } from '../../../src/testing/machine/prepare.ts';

let fetched = 0;
const load = fromPromise(async () => {
  fetched += 1;
});
const child = setup({ actors: { load } }).createMachine({ id: 'child', invoke: { src: 'load' } });
const parent = setup({ actors: { child, load, other: load } }).createMachine({
  id: 'parent',
  initial: 'a',
  options: { maxIterations: 7 },
  states: { a: { invoke: [{ src: 'child' }, { src: load as never, id: 'inline' }] } },
});

describe('prepare', () => {
  it('replaces whatever would act by itself, in children too, and runs none of it', () => {
    const { machine, standIns } = prepare(
      parent,
      new Map([
        ['load', undefined],
        ['inline', undefined],
      ]),
    );
    expect(standIns).toEqual(['inline', 'load']);
    createActor(machine).start();
    expect(fetched).toBe(0);
  });

  it('leaves the machine that it is given as it is', () => {
    const { invoke } = parent.config.states?.a ?? {};
    prepare(parent, new Map([['load', undefined]]));
    expect(parent.implementations.actors.load).toBe(load);
    expect(parent.config.states?.a?.invoke).toBe(invoke);
  });

  it('names the invoked actors of which nothing was said, from where they are', () => {
    expect(prepare(parent, new Map()).missing).toEqual(['child.load', 'inline']);
  });

  it('tells an actor of a child from one of the same name by its path', () => {
    const { standIns, missing } = prepare(parent, new Map([['child.load', undefined]]));
    expect({ standIns, missing }).toEqual({ standIns: ['child.load'], missing: ['inline'] });
  });

  it('runs other logic where it is given some', () => {
    const quiet = createMachine({ id: 'quiet' });
    const casting = new Map<string, AnyActorLogic>();
    casting.set('child', quiet).set(
      'inline',
      fromTransition(() => 1, 0),
    );
    const { machine, missing } = prepare(parent, casting);
    expect(missing).toEqual([]);
    const children: Record<string, AnyActorRef> = createActor(machine).start().getSnapshot().children;
    expect(Object.values(children).map((ref) => ref.getSnapshot().status)).toEqual(['active', 'active']);
  });

  it('has a limit of microsteps, the machine’s own where it has one', () => {
    expect(prepare(parent, new Map()).machine.options.maxIterations).toBe(7);
    expect(prepare(child, new Map()).machine.options.maxIterations).toBe(1000);
  });

  it('stands for a machine that names itself among its actors', () => {
    const actors: Record<string, typeof child> = {};
    const self = createMachine({ id: 'self', on: { GO: {} } }, { actors });
    actors.self = self as unknown as typeof child;
    const prepared = prepare(self, new Map()).machine;
    expect(prepared.implementations.actors.self).toBe(prepared);
  });
});

describe('what is what', () => {
  it.each<[string, unknown, boolean, boolean, boolean]>([
    ['a machine', child, true, true, false],
    ['a promise', load, false, true, true],
    ['a callback', fromCallback(() => {}), false, true, true],
    ['a reducer', fromTransition(() => 0, 0), false, true, false],
    ['an object', {}, false, false, false],
    ['nothing', undefined, false, false, false],
  ])('%s', (_, value, machine, logic, acts) => {
    expect([isMachine(value), isLogic(value), actsByItself(value)]).toEqual([machine, logic, acts]);
  });
});
