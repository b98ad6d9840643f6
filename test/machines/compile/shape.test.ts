import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, and, createActor, fromTransition, setup } from 'xstate';
import { compile } from '../../../machines/compile.ts';

const show = (machine: AnyStateMachine, ...events: string[]) => {
  const actor = createActor(compile(machine), { id: 'chart', input: { n: 1 } });
  actor.subscribe({ error: () => {} });
  actor.start();
  for (const type of events) actor.send({ type });
  return actor.getSnapshot() as never as { status: string; value: unknown; context: unknown; error: unknown };
};

describe('the context of a compiled chart', () => {
  it('is what the machine says, or makes of its input', () => {
    const states = { a: {} };
    expect(show(setup({}).createMachine({ context: { k: 1 }, initial: 'a', states })).context).toEqual({
      k: 1,
    });
    const made = setup({ types: { input: {} as { n: number } } }).createMachine({
      context: ({ input, self }) => ({ of: [input.n, self.id] }),
      initial: 'a',
      states,
    });
    expect(show(made).context).toEqual({ of: [1, 'chart'] });
    expect(show(setup({}).createMachine({ initial: 'a', states })).context).toEqual({});
  });

  it('spawns no actors', () => {
    const worker = fromTransition(() => 0, 0);
    const machine = setup({ actors: { worker } }).createMachine({
      context: ({ spawn }) => ({ child: spawn('worker') }),
      initial: 'a',
      states: { a: {} },
    });
    expect(String(show(machine).error)).toContain('it cannot spawn them');
  });
});

describe('the states of a compiled chart', () => {
  it('end it only at the top', () => {
    const machine = setup({}).createMachine({
      initial: 'a',
      states: {
        a: { initial: 'x', on: { end: 'z' }, states: { x: { on: { go: 'y' } }, y: { type: 'final' } } },
        z: { type: 'final' },
      },
    });
    expect(show(machine, 'go')).toMatchObject({ status: 'active', value: { a: 'y' } });
    expect(show(machine, 'go', 'end')).toMatchObject({ status: 'done', value: 'z' });
  });

  it('answer an event from the inside out', () => {
    const log: string[] = [];
    const machine = setup({}).createMachine({
      initial: 'a',
      on: { go: { actions: () => log.push('root') } },
      states: {
        a: {
          initial: 'x',
          on: { go: { actions: () => log.push('outer') } },
          states: { x: { on: { go: { actions: () => log.push('inner') } } } },
        },
      },
    });
    show(machine, 'go');
    expect(log).toEqual(['inner']);
  });

  it('match by their own names only', () => {
    const snapshot = show(setup({}).createMachine({ initial: 'a', states: { a: {}, b: {} } }));
    const { matches } = snapshot as never as { matches(this: unknown, value: string): boolean };
    expect([matches.call(snapshot, 'a'), matches.call(snapshot, 'b')]).toEqual([true, false]);
  });
});

describe('names in a compiled chart', () => {
  const log: string[] = [];
  const base = setup({
    actions: { note: () => log.push('note') },
    guards: { yes: () => true, no: () => false },
    actors: { worker: fromTransition(() => 0, 0) },
  });

  it('are of effects and guards, with or without parameters', () => {
    log.length = 0;
    const machine = base.createMachine({
      initial: 'a',
      states: {
        a: {
          on: {
            go: [
              { guard: { type: 'no' }, target: 'c' },
              { guard: 'no', target: 'c' },
              { guard: { type: 'yes' }, actions: { type: 'note' }, target: 'b' },
            ],
          },
        },
        b: { on: { go: { guard: 'yes', target: 'c', actions: 'note' } } },
        c: {},
      },
    });
    expect(show(machine, 'go').value).toBe('b');
    expect(show(machine, 'go', 'go').value).toBe('c');
    expect(log).toEqual(['note', 'note', 'note']);
  });

  const on = (go: object) =>
    base.createMachine({ id: 'm', initial: 'a', states: { a: { on: { go } }, b: {} } });
  const without = { guards: { yes: undefined as never }, actors: { worker: undefined as never } };
  const refused: ReadonlyArray<readonly [string, AnyStateMachine, string]> = [
    ['a guard that nobody provided', on({ guard: 'yes' }).provide(without), 'the guard "yes"'],
    [
      'a guard with parameters that nobody provided',
      on({ guard: { type: 'yes' } }).provide(without),
      '"yes"',
    ],
    ['a guard that is made of others', on({ guard: and(['yes', 'no']) }), 'Cannot compile "m": the guard ""'],
    [
      'an actor that nobody provided',
      base
        .createMachine({ id: 'm', initial: 'a', states: { a: { invoke: { src: 'worker' } } } })
        .provide(without),
      'Cannot compile "m.a": the actor "worker"',
    ],
  ];
  it.each(refused)('are refused where they stand for nothing: %s', (_what, machine, message) => {
    expect(() => compile(machine)).toThrow(message);
  });
});

describe('a compiled chart that is restored', () => {
  it('says which state it has not', () => {
    const machine = setup({}).createMachine({ id: 'm', initial: 'a', states: { a: {} } });
    const snapshot = { status: 'active', value: { a: 'b' }, context: {} };
    const actor = createActor(compile(machine), { snapshot: snapshot as never });
    expect(String((actor.getSnapshot() as { error?: unknown }).error)).toContain(
      '"m" has no state {"a":"b"}.',
    );
  });
});
