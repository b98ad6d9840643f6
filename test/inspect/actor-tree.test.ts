import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, fromPromise, setup } from 'xstate';
import { Timekeeper } from '../../src/clock.ts';
import { Guard } from '../../src/guard.ts';
import { nodesOf, timersOf, treeOf } from '../../src/inspect/actor-tree.ts';
import { Definitions } from '../../src/inspect/definitions.ts';
import { AgentTimers } from '../../src/session/agent-timers.ts';
import { testClock } from '../support/clock.ts';

const family = setup({
  actors: {
    listen: fromCallback(() => {}),
    fetch: fromPromise(async () => 1),
    nested: setup({}).createMachine({
      id: 'nested',
      initial: 'on',
      states: { on: { after: { 500: 'off' } }, off: {} },
    }),
  },
}).createMachine({
  id: 'family',
  invoke: [
    { id: 'listener', src: 'listen' },
    { id: 'kid/of', src: 'nested' },
    { id: 'fetcher', src: 'fetch' },
  ],
  initial: 'waiting',
  states: { waiting: { after: { 1000: 'over' } }, over: {} },
});

function started() {
  const clock = testClock(10_000);
  const actor = createActor(family, { clock });
  AgentTimers.install(actor.system, new Timekeeper(clock, new Guard(undefined)));
  return actor.start();
}

describe('the tree of an actor', () => {
  it('has parents first, each actor by its path', () => {
    const actor = started();
    expect([...treeOf(actor, 'a').values()].map(({ name }) => name)).toEqual([
      'a',
      'a/listener',
      'a/kid/of',
      'a/fetcher',
    ]);
    actor.stop();
  });

  it('says of each what it is', async () => {
    const actor = started();
    await Promise.resolve();
    await Promise.resolve();
    expect(nodesOf(treeOf(actor, 'a'), new Definitions())).toEqual([
      { actor: 'a', definition: 'family', id: actor.id, kind: 'machine', status: 'active' },
      { actor: 'a/listener', id: 'listener', kind: 'callback', status: 'active', parent: 'a' },
      {
        actor: 'a/kid/of',
        definition: 'nested',
        id: 'kid/of',
        kind: 'machine',
        status: 'active',
        parent: 'a',
      },
      { actor: 'a/fetcher', id: 'fetcher', kind: 'promise', status: 'done', parent: 'a' },
    ]);
    actor.stop();
  });

  it('knows what its actors wait for, and until when', () => {
    const actor = started();
    const due = timersOf(treeOf(actor, 'a'));
    expect(due.map(({ dueAt, actor: of }) => [of, dueAt]).sort()).toEqual([
      ['a', 11_000],
      ['a/kid/of', 10_500],
    ]);
    expect(due.map(({ name }) => name)).toEqual([
      expect.stringContaining('after.1000'),
      expect.stringContaining('after.500'),
    ]);
    actor.stop();
  });

  it('knows of no deadlines where the system keeps its own', () => {
    const actor = createActor(family, { clock: testClock() }).start();
    expect(timersOf(treeOf(actor, 'a'))).toEqual([]);
    actor.stop();
  });
});
