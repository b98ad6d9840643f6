import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  assign,
  createMachine,
  fromObservable,
  fromPromise,
  fromTransition,
  sendTo,
  setup,
  stopChild,
} from 'xstate';
import type { JsonObject } from '../../../src/data.ts';
import type { AgentInput } from '../../../src/options.ts';
import { isOver } from '../../../src/session/agent-tree.ts';
import { agentInput, childrenOf, contextOf, moved, Stage } from '../agent-stage.ts';

describe('the actors that an agent refers to', () => {
  it('are its own new ones: itself, a child, a child’s parent', () => {
    const child = setup({ types: { context: {} as { parent: AnyActorRef } } }).createMachine({
      context: ({ input }) => ({ parent: input as never }),
      on: { TELL: { actions: sendTo(({ context }) => context.parent, { type: 'TOLD' }) } },
    });
    const logic = setup({
      types: { context: {} as { told: number; child: AnyActorRef; me: AnyActorRef } },
      actors: { child },
    }).createMachine({
      context: ({ spawn, self }) => ({
        told: 0,
        child: spawn('child', { id: 'c', input: self as never }),
        me: self as AnyActorRef,
      }),
      on: {
        ASK: { actions: sendTo(({ context }) => context.child, { type: 'TELL' }) },
        TOLD: { actions: assign({ told: ({ context }) => context.told + 1 }) },
      },
    });
    const { agent } = moved(logic);
    agent.send({ type: 'ASK' });
    expect(contextOf(agent).told).toBe(1);
    expect(contextOf(agent).me).toBe(agent);
    expect(contextOf(agent).child).toBe(childrenOf(agent).c);
    expect(contextOf(childrenOf(agent).c).parent).toBe(agent);
  });

  it.each<[string, AnyActorLogic]>([
    ['a promise', fromPromise(() => new Promise(() => {}))],
    ['an observable', fromObservable(() => ({ subscribe: () => ({ unsubscribe: () => {} }) }))],
  ])('may be the whole input of %s', (_what, work) => {
    const logic = setup({ actors: { work } }).createMachine({
      invoke: { id: 'w', src: 'work', input: ({ self }: { self: unknown }) => self },
    });
    const { agent } = moved(logic);
    expect(childrenOf(agent).w?.getSnapshot().input).toBe(agent);
  });

  it('may have ended: they are there, and take no events, as before', () => {
    const ear = fromTransition((n: number) => n + 1, 0);
    const logic = setup({ types: { context: {} as { ear: AnyActorRef } }, actors: { ear } }).createMachine({
      context: ({ spawn }) => ({ ear: spawn('ear', { id: 'e' }) }),
      on: {
        END: { actions: stopChild('e') },
        TALK: { actions: sendTo(({ context }) => context.ear, { type: 'TALK' }) },
      },
    });
    const { agent, stage, stored } = moved(logic, (each) => each.send({ type: 'END' }));
    const ended = contextOf(agent).ear as AnyActorRef;
    expect([ended.id, childrenOf(agent)]).toEqual(['e', {}]);
    agent.send({ type: 'TALK' });
    expect(isOver(ended)).toBe(true);
    expect(stage.persist(agent)).toEqual(stored);
    expect(agent.getSnapshot().status).toBe('active');
    expect(stage.errors).toEqual([]);
  });

  it('are none of the data that only looks like one, in its context or in what it was lent', () => {
    const forged = Object.freeze({ xstate$$type: 1, id: 'c' });
    const logic = setup({ actors: { child: createMachine({}) } }).createMachine({
      context: ({ input }) => ({ forged, lent: (input as unknown as AgentInput).session }),
      invoke: { id: 'c', src: 'child' },
    });
    const input = agentInput();
    const lent = Object.freeze({ ...input.session, metadata: forged as unknown as JsonObject });
    const first = new Stage();
    const stored = first.persist(first.start(logic, input), input);
    const agent = new Stage().restore(logic, stored, { session: lent, signal: input.signal });
    expect(contextOf(agent).forged).toEqual(forged);
    expect(agent.getSnapshot().status).toBe('active');
    expect((contextOf(agent).lent as AgentInput['session']).metadata).toBe(forged);
  });
});
