import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  createActor,
  createMachine,
  fromTransition,
  raise,
  setup,
  spawnChild,
} from 'xstate';
import { AgentWatch } from '../../src/session/agent-watch.ts';
import { strays } from '../support/errors.ts';
import { turns } from '../support/turns.ts';
import { childrenOf, Stage } from './agent-stage.ts';

function watched(logic: AnyActorLogic) {
  const stage = new Stage();
  const agent = createActor(logic, { id: 'agent', parent: stage.root });
  let changes = 0;
  const watch = new AgentWatch(agent, () => {
    changes += 1;
  });
  /** Whether anything changed since the last question. */
  const changed = () => {
    const any = changes > 0;
    changes = 0;
    return any;
  };
  return { stage, agent, watch, changed };
}

const counter = fromTransition((n: number) => n + 1, 0);
const inner = setup({ actors: { counter } }).createMachine({
  initial: 'a',
  invoke: { id: 'deep', src: 'counter' },
  states: { a: { after: { 10: 'b' } }, b: {} },
});
const outer = setup({ actors: { inner } }).createMachine({
  on: {
    SPAWN: { actions: spawnChild('inner', { id: 'c' }) },
    LATER: { actions: raise({ type: 'X' }, { delay: 50 }) },
  },
});

describe('an agent changes', () => {
  it('when it starts, and with each event, although its snapshot stays the same object', () => {
    const { agent, changed, stage } = watched(outer);
    expect(changed()).toBe(false);
    agent.start();
    expect(changed()).toBe(true);
    const before = agent.getSnapshot();
    agent.send({ type: 'LATER' });
    expect(agent.getSnapshot()).toBe(before);
    expect([...stage.timers.of(agent)]).toHaveLength(1);
    expect(changed()).toBe(true);
    stage.clock.increment(10);
    expect(changed()).toBe(false);
  });

  it('once for each event, however often it is looked at', () => {
    const stage = new Stage();
    const agent = createActor(outer, { id: 'agent', parent: stage.root });
    let changes = 0;
    const watch = new AgentWatch(agent, () => {
      changes += 1;
    });
    agent.start();
    for (let n = 0; n < 3; n += 1) watch.look();
    changes = 0;
    agent.send({ type: 'LATER' });
    expect(changes).toBe(1);
  });

  it('with what happens to a child, and to a child of that, once it has been looked at', () => {
    const { agent, changed, stage, watch } = watched(outer);
    agent.start();
    agent.send({ type: 'SPAWN' });
    watch.look();
    watch.look();
    changed();
    stage.clock.increment(10);
    expect(changed()).toBe(true);
    const { c } = childrenOf(agent);
    expect(c?.getSnapshot().value).toBe('b');
    c?.getSnapshot().children.deep.send({ type: 'x' });
    expect(changed()).toBe(true);
    expect(changed()).toBe(false);
  });

  it('when it ends', () => {
    const { agent, changed } = watched(
      createMachine({ initial: 'a', states: { a: { on: { END: 'z' } }, z: { type: 'final' } } }),
    );
    agent.start();
    changed();
    agent.send({ type: 'END' });
    expect(changed()).toBe(true);
  });

  it('when its child fails, and nothing is thrown for it', async () => {
    const fragile = createMachine({
      on: {
        BOOM: {
          actions: () => {
            throw new Error('boom');
          },
        },
      },
    });
    const parent = setup({ actors: { fragile } }).createMachine({
      invoke: { id: 'c', src: 'fragile', onError: { actions: () => {} } },
      on: fragile.config.on as never,
    });
    const seen = await strays(async () => {
      const { agent, changed, watch } = watched(parent);
      agent.start();
      watch.look();
      changed();
      childrenOf(agent).c?.send({ type: 'BOOM' });
      expect(changed()).toBe(true);
      agent.send({ type: 'BOOM' });
      expect(agent.getSnapshot().status).toBe('error');
      await turns();
    });
    expect(seen).toEqual([]);
  });
});
