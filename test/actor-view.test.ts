import { describe, expect, it } from 'vitest';
import { createActor, emit, setup } from 'xstate';
import { viewOf } from '../src/actor-view.ts';
import { strays } from './support/errors.ts';
import { loggedGuard } from './support/log.ts';

type Event = { type: 'go' } | { type: 'finish' } | { type: 'fail' };
const machine = setup({
  types: { events: {} as Event, emitted: {} as { type: 'news'; text: string } },
}).createMachine({
  id: 'doors',
  context: { count: 1 },
  initial: 'shut',
  output: 'the end',
  states: {
    shut: { on: { go: { target: 'open', actions: emit({ type: 'news', text: 'it opens' }) } } },
    open: {
      on: {
        finish: 'done',
        fail: {
          actions: () => {
            throw new Error('off its hinges');
          },
        },
      },
    },
    done: { type: 'final' },
  },
});

function setUp() {
  const { guard, lines } = loggedGuard();
  const actor = createActor(machine, { id: 'door' });
  return { actor, view: viewOf(actor, guard), lines };
}

describe('a view of an actor', () => {
  it('names it and is frozen, without a way to send', () => {
    const { actor, view } = setUp();
    expect([view.id, view.sessionId, view.system]).toEqual(['door', actor.sessionId, actor.system]);
    expect(Object.isFrozen(view)).toBe(true);
    expect(Object.keys(view).sort()).toEqual(['getSnapshot', 'id', 'on', 'sessionId', 'subscribe', 'system']);
  });

  it('shows a frozen snapshot without the actors in it', () => {
    const { actor, view } = setUp();
    actor.start();
    const snapshot = view.getSnapshot();
    expect(Object.isFrozen(snapshot)).toBe(true);
    expect({ ...snapshot, matches: undefined }).toEqual({
      status: 'active',
      value: 'shut',
      context: { count: 1 },
      output: undefined,
      error: undefined,
      matches: undefined,
    });
    expect([snapshot.matches('shut'), snapshot.matches('open')]).toEqual([true, false]);
  });

  it('keeps a snapshot as it was', () => {
    const { actor, view } = setUp();
    actor.start();
    const before = view.getSnapshot();
    actor.send({ type: 'go' });
    expect([before.value, view.getSnapshot().value]).toEqual(['shut', 'open']);
  });
});

describe('subscribing to a view', () => {
  it('tells a function of each snapshot until it unsubscribes', () => {
    const { actor, view } = setUp();
    const values: unknown[] = [];
    const subscription = view.subscribe((snapshot) => {
      expect(Object.isFrozen(snapshot)).toBe(true);
      values.push(snapshot.value);
    });
    actor.start();
    actor.send({ type: 'go' });
    subscription.unsubscribe();
    actor.send({ type: 'finish' });
    expect(values).toEqual(['shut', 'open']);
  });

  it('tells an observer of snapshots and of the end', () => {
    const { actor, view } = setUp();
    const heard: unknown[] = [];
    view.subscribe({
      next: ({ value, output }) => heard.push([value, output]),
      complete: () => heard.push('complete'),
    });
    actor.start();
    actor.send({ type: 'go' });
    actor.send({ type: 'finish' });
    expect(heard).toEqual([['shut', undefined], ['open', undefined], ['done', 'the end'], 'complete']);
  });

  it('tells an observer of the error that the actor failed on', () => {
    const { actor, view } = setUp();
    const errors: unknown[] = [];
    view.subscribe({ error: (error) => errors.push(error) });
    actor.start();
    actor.send({ type: 'go' });
    actor.send({ type: 'fail' });
    expect(errors).toEqual([new Error('off its hinges')]);
    expect(view.getSnapshot()).toMatchObject({ status: 'error', error: new Error('off its hinges') });
  });

  it('without any observer lets an error pass, and does not end the process', async () => {
    const { actor, view } = setUp();
    const stray = await strays(async () => {
      view.subscribe({});
      actor.start();
      actor.send({ type: 'go' });
      actor.send({ type: 'fail' });
    });
    expect(stray).toEqual([]);
    expect(view.getSnapshot().status).toBe('error');
  });

  it('without any observer lets the end pass', () => {
    const { actor, view } = setUp();
    view.subscribe({});
    actor.start();
    actor.send({ type: 'go' });
    actor.send({ type: 'finish' });
    expect(view.getSnapshot().status).toBe('done');
  });

  it('survives observers that throw, and reports them', async () => {
    const { actor, view, lines } = setUp();
    const error = new Error('blind');
    const refuse = () => {
      throw error;
    };
    const stray = await strays(async () => {
      view.subscribe({ next: refuse, complete: refuse });
      view.on('news', refuse);
      actor.start();
      actor.send({ type: 'go' });
      actor.send({ type: 'finish' });
    });
    expect(stray).toEqual([]);
    // shut, the news, open, done, complete
    expect(lines).toEqual(
      Array(5).fill(['error', 'chartroom: an observer threw; nobody else is affected.', error]),
    );
  });

  it('survives an observer of the error that throws', async () => {
    const { actor, view, lines } = setUp();
    const error = new Error('blind');
    const stray = await strays(async () => {
      view.subscribe({
        error: () => {
          throw error;
        },
      });
      actor.start();
      actor.send({ type: 'go' });
      actor.send({ type: 'fail' });
    });
    expect(stray).toEqual([]);
    expect(lines).toHaveLength(1);
  });
});

it('a view hears what the actor emits, by type, until it unsubscribes', () => {
  const { actor, view } = setUp();
  const heard: unknown[] = [];
  const subscription = view.on('news', (event) => heard.push(event));
  view.on('other', (event) => heard.push(event));
  actor.start();
  actor.send({ type: 'go' });
  subscription.unsubscribe();
  expect(heard).toEqual([{ type: 'news', text: 'it opens' }]);
});
