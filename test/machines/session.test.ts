import { describe, expect, it } from 'vitest';
import { createActor, fromCallback } from 'xstate';
import { sessionMachine } from '../../machines/session.ts';

/** The chart with every effect written down, and an agent that says when it lives. */
function start(quiet = true) {
  const log: string[] = [];
  const write = (name: string) => () => void log.push(name);
  const machine = sessionMachine.provide({
    actions: {
      initialize: write('initialize'),
      failInitialize: write('failInitialize'),
      settleDown: write('settleDown'),
      stayAwake: write('stayAwake'),
      completeAgent: write('completeAgent'),
      crash: write('crash'),
      cleanUp: write('cleanUp'),
      forceEnd: write('forceEnd'),
      restart: write('restart'),
    },
    guards: { quiet: () => quiet },
    actors: {
      agent: fromCallback(({ input, receive }) => {
        log.push(`agent of ${input.id}`);
        receive(() => {
          throw new Error('boom');
        });
        return () => log.push('agent stops');
      }),
    },
  });
  const actor = createActor(machine, { input: { id: 'ada' } }).start();
  return { actor, log };
}

describe('the session chart', () => {
  it('begins by asking for the initialize hook', () => {
    const { actor, log } = start();
    expect(actor.getSnapshot().value).toBe('initializing');
    expect(log).toEqual(['initialize']);
  });

  it('runs its agent from active until terminating, also while idle', () => {
    const { actor, log } = start();
    actor.send({ type: 'session.active' });
    actor.send({ type: 'session.idle' });
    actor.send({ type: 'session.active' });
    expect(log).toEqual(['initialize', 'agent of ada']);
    actor.send({ type: 'session.terminating' });
    expect(log.slice(2).sort()).toEqual(['agent stops', 'cleanUp']);
    actor.send({ type: 'session.terminated' });
    expect(actor.getSnapshot()).toMatchObject({ status: 'done', value: 'terminated' });
  });

  it('counts as quiet as long as nobody says that it is not', () => {
    const log: string[] = [];
    const actions = {
      settleDown: () => void log.push('settleDown'),
      stayAwake: () => void log.push('stayAwake'),
    };
    const actor = createActor(sessionMachine.provide({ actions }), { input: { id: 'ada' } }).start();
    actor.send({ type: 'session.active' });
    actor.send({ type: 'deadline.inactivity' });
    expect(log).toEqual(['settleDown']);
  });

  it('asks for a crash when its agent throws, and stays where it is until that is a fact', () => {
    const { actor, log } = start();
    actor.send({ type: 'session.active' });
    actor.getSnapshot().children.agent?.send({ type: 'anything' });
    expect(log.at(-1)).toBe('crash');
    expect(actor.getSnapshot().value).toEqual({ running: 'active' });
  });

  it.each([
    [true, 'settleDown'],
    [false, 'stayAwake'],
  ])('after inactivity, with quiet %s, asks to %s', (quiet, effect) => {
    const { actor, log } = start(quiet);
    actor.send({ type: 'session.active' });
    actor.send({ type: 'deadline.inactivity' });
    expect(log.at(-1)).toBe(effect);
  });

  it.each([
    ['initializing', [], 'deadline.initialize', 'failInitialize'],
    ['initializing', [], 'deadline.restart', 'restart'],
    ['terminating', ['session.active', 'session.terminating'], 'deadline.cleanup', 'forceEnd'],
    ['terminating', ['session.active', 'session.terminating'], 'deadline.restart', 'restart'],
  ] as const)('while %s (after %j) takes %s as a question: %s', (value, facts, type, effect) => {
    const { actor, log } = start();
    for (const fact of facts) actor.send({ type: fact });
    actor.send({ type });
    expect(log.at(-1)).toBe(effect);
    expect(actor.getSnapshot().value).toBe(value);
  });

  it('takes no deadline of another state', () => {
    const { actor, log } = start();
    actor.send({ type: 'deadline.cleanup' });
    actor.send({ type: 'deadline.inactivity' });
    actor.send({ type: 'session.active' });
    actor.send({ type: 'deadline.initialize' });
    expect(log).toEqual(['initialize', 'agent of ada']);
  });
});
