import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../support/errors.ts';
import { drain, seqs } from '../support/events.ts';
import { counts, subscriptionsOver as setUp } from '../support/subscriptions.ts';
import { turns } from '../support/turns.ts';

describe('a stream', () => {
  it('hears from the moment it is made, and is no listener of the counts', async () => {
    const world = await setUp();
    const stream = world.subscriptions.stream({ types: ['file_added'] });
    expect(counts(world)).toEqual([0, 1, 1]);
    await world.happen(2);
    await world.end();
    expect(seqs(await drain(stream, 2))).toEqual([1, 2]);
    expect(counts(world)).toEqual([0, 0, 0]);
  });

  it('holds 1024 events, or as many as it is told', async () => {
    const { subscriptions, happen } = await setUp();
    const [usual, small] = [subscriptions.stream(undefined), subscriptions.stream({ buffer: 2 })];
    const strict = subscriptions.stream({ buffer: 2, overflow: 'error' });
    await happen(1025);
    expect((await usual.next()).value).toMatchObject({ type: 'gap', from: 1, to: 1 });
    expect((await small.next()).value).toMatchObject({ type: 'gap', from: 1, to: 1023 });
    expect(await codeOf(drain(strict))).toBe('OVERLOADED');
  });

  it('of one session ends with it, and frees its topic', async () => {
    const world = await setUp();
    const stream = world.subscriptions.stream({ sessionId: 'a' });
    await world.happen(1, 'b');
    await world.end('b');
    await world.happen(1, 'a');
    await world.end('a');
    expect(seqs(await drain(stream))).toEqual([3, 4]);
    expect([world.bus.topics, ...counts(world)]).toEqual([0, 0, 0, 0]);
  });

  it('with a cursor has the past first, and then what comes, and what comes meanwhile once', async () => {
    const world = await setUp({ retainEvents: 4 });
    await world.happen(5);
    const stream = world.subscriptions.stream({ from: 0 });
    await world.happen(1);
    const reading = drain(stream, 6);
    await turns();
    await world.happen(1);
    const read = await reading;
    expect(read[0]).toMatchObject({ type: 'gap', from: 1, to: 2 });
    expect(seqs(read)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('with a cursor goes live without gap or repeat', async () => {
    const world = await setUp();
    await world.happen(3);
    const stream = world.subscriptions.stream({ from: 1 });
    const reading = drain(stream, 5);
    await turns();
    await world.happen(3);
    expect(seqs(await reading)).toEqual([2, 3, 4, 5, 6]);
  });

  it('ends when its signal fires, before or after', async () => {
    const world = await setUp();
    const controller = new AbortController();
    const stream = world.subscriptions.stream({ signal: controller.signal });
    await world.happen(1);
    controller.abort();
    await world.happen(1);
    expect(seqs(await drain(stream))).toEqual([1]);
    const late = world.subscriptions.stream({ signal: controller.signal, from: 0 });
    expect(await drain(late)).toEqual([]);
    expect(counts(world)).toEqual([0, 0, 0]);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('leaves nothing on its signal when it is left', async () => {
    const { subscriptions } = await setUp();
    const { signal } = new AbortController();
    const stream = subscriptions.stream({ signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await stream.return();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

it('closing ends every stream and every listener, and can be done twice', async () => {
  const world = await setUp();
  const { subscriptions } = world;
  subscriptions.subscribe('a', world.listener, undefined);
  subscriptions.subscribe(undefined, world.listener, undefined);
  const streams = [subscriptions.stream(undefined), subscriptions.stream({ sessionId: 'a' })];
  const waiting = streams[0]?.next();
  subscriptions.close();
  subscriptions.close();
  await world.happen(1);
  expect(await waiting).toEqual({ value: undefined, done: true });
  expect(await Promise.all(streams.map((stream) => drain(stream)))).toEqual([[], []]);
  expect([world.heard, counts(world)]).toEqual([[], [0, 0, 0]]);
});
