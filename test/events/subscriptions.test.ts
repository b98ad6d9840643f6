import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src/events/types.ts';
import { codeThrown, strays } from '../support/errors.ts';
import { seqs } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { counts, subscriptionsOver as setUp } from '../support/subscriptions.ts';
import { turns } from '../support/turns.ts';

describe('wrong arguments are refused at once and leave nothing', () => {
  const bad: Array<[string, object | null, string]> = [
    ['options', null, 'options must be an object or undefined; received null.'],
    ['an unknown option', { form: 1 }, 'options has no option "form"'],
    ['types', { types: 'file_added' }, 'options.types must be an array of event types; received the string'],
    [
      'a type',
      { types: ['file_added', 'fact'] },
      'options.types[1] must be an event type; received the string "fact".',
    ],
    ['from', { from: -1 }, 'options.from must be an integer from 0; received the number -1.'],
    ['a signal', { signal: {} }, 'options.signal must be an AbortSignal or undefined; received an object.'],
  ];
  it.each(bad)('%s', async (_what, options, message) => {
    const world = await setUp();
    const { subscriptions, listener } = world;
    expect(() => subscriptions.subscribe('a', listener, options as never)).toThrow(message);
    expect(() => subscriptions.stream(options as never)).toThrow(message);
    expect(counts(world)).toEqual([0, 0, 0]);
  });

  it('a session, a listener, a buffer, an overflow', async () => {
    const world = await setUp();
    const { subscriptions, listener } = world;
    expect(codeThrown(() => subscriptions.subscribe('../x', listener, {}))).toBe('INVALID_SESSION_ID');
    expect(codeThrown(() => subscriptions.stream({ sessionId: '' }))).toBe('INVALID_SESSION_ID');
    expect(() => subscriptions.subscribe('a', 5 as never, {})).toThrow('listener must be a function');
    expect(() => subscriptions.stream({ buffer: 0 })).toThrow('options.buffer must be an integer from 1');
    expect(() => subscriptions.stream({ overflow: 'grow' as never })).toThrow(
      "options.overflow must be 'drop-oldest' or 'error'; received the string \"grow\".",
    );
    expect(() => subscriptions.subscribe('a', listener, { buffer: 5 } as never)).toThrow(
      'no option "buffer"',
    );
    expect(counts(world)).toEqual([0, 0, 0]);
  });
});

describe('a listener', () => {
  it('hears what comes, until it unsubscribes, which may be done twice', async () => {
    const world = await setUp();
    const stop = world.subscriptions.subscribe(undefined, world.listener, undefined);
    expect(counts(world)).toEqual([1, 0, 1]);
    await world.happen(2);
    stop();
    stop();
    await world.happen(1);
    expect(seqs(world.heard)).toEqual([1, 2]);
    expect(counts(world)).toEqual([0, 0, 0]);
  });

  it('that is added twice is called once, and either of the two takes it away', async () => {
    const world = await setUp();
    const { subscriptions, listener } = world;
    subscriptions.subscribe('a', listener, undefined);
    const second = subscriptions.subscribe('a', listener, { from: 0 });
    await world.happen(1);
    expect(seqs(world.heard)).toEqual([1]);
    second();
    expect(counts(world)).toEqual([0, 0, 0]);
  });

  it('hears no more once its signal fires', async () => {
    const world = await setUp();
    const controller = new AbortController();
    world.subscriptions.subscribe('a', world.listener, { signal: controller.signal });
    await world.happen(1);
    controller.abort();
    await world.happen(1);
    expect(seqs(world.heard)).toEqual([1]);
    expect(counts(world)).toEqual([0, 0, 0]);
  });

  it('with a signal that has fired is not added', async () => {
    const world = await setUp();
    const stop = world.subscriptions.subscribe('a', world.listener, { signal: AbortSignal.abort(), from: 0 });
    await world.happen(1);
    await turns();
    expect([world.heard, counts(world)]).toEqual([[], [0, 0, 0]]);
    expect(stop()).toBeUndefined();
  });

  it.each(['unsubscribe', 'close'])('leaves nothing on its signal after %s', async (how) => {
    const { subscriptions, listener } = await setUp();
    const { signal } = new AbortController();
    const stop = subscriptions.subscribe('a', listener, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    if (how === 'close') subscriptions.close();
    else stop();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('a listener with a cursor', () => {
  it('has the past first, after subscribe has returned, and then what comes', async () => {
    const world = await setUp();
    await world.happen(3);
    world.subscriptions.subscribe(undefined, world.listener, { from: 1 });
    expect(world.heard).toEqual([]);
    await world.happen(1, 'b');
    await turns();
    await world.happen(1);
    expect(seqs(world.heard)).toEqual([2, 3, 4, 5]);
  });

  it('has those of its session and its types only', async () => {
    const world = await setUp();
    await world.happen(1, 'a');
    await world.happen(1, 'b');
    await world.end('a');
    world.subscriptions.subscribe('a', world.listener, { from: 0, types: ['session_terminated'] });
    await turns();
    expect(world.heard).toMatchObject([{ type: 'session_terminated', sessionId: 'a', seq: 3 }]);
  });

  it('is told what was cut, also when gaps are not among its types', async () => {
    const world = await setUp({ retainEvents: 1 });
    await world.happen(3);
    world.subscriptions.subscribe('a', world.listener, { from: 0, types: ['file_added'] });
    await turns();
    expect(world.heard).toMatchObject([{ type: 'gap', from: 1, to: 2 }, { seq: 3 }]);
  });

  it('waits until there is something to replay from', async () => {
    const ready = gate();
    const world = await setUp({ ready });
    await world.happen(1);
    world.subscriptions.subscribe('a', world.listener, { from: 0 });
    await turns();
    expect(world.heard).toEqual([]);
    ready.open();
    await turns();
    expect(seqs(world.heard)).toEqual([1]);
  });

  it('has no past where there will never be one', async () => {
    const ready = gate();
    const world = await setUp({ ready });
    const stray = await strays(async () => {
      world.subscriptions.subscribe('a', world.listener, { from: 0 });
      const next = world.subscriptions.stream({ from: 0 }).next();
      ready.fail(new Error('EACCES'));
      await turns();
      world.subscriptions.close();
      expect(await next).toEqual({ value: undefined, done: true });
    });
    expect([stray, world.heard, world.lines]).toEqual([[], [], []]);
  });

  it('that unsubscribes during its replay hears no more of it', async () => {
    const world = await setUp();
    await world.happen(3);
    const stop = world.subscriptions.subscribe('a', (event) => world.heard.push(event) && stop(), {
      from: 0,
    });
    await turns();
    expect(seqs(world.heard)).toEqual([1]);
  });

  it('that throws hears the rest all the same', async () => {
    const world = await setUp();
    await world.happen(2);
    const listener = (event: SessionEvent) => {
      world.heard.push(event);
      throw new Error('deaf');
    };
    world.subscriptions.subscribe('a', listener, { from: 0 });
    await turns();
    await world.happen(1);
    expect(seqs(world.heard)).toEqual([1, 2, 3]);
    expect(world.lines).toHaveLength(3);
  });

  it('whose past cannot be read is told of a gap and hears what comes; that is logged, and ends nothing else', async () => {
    const error = new Error('EIO');
    const facts = () => {
      throw error;
    };
    const world = await setUp({ facts });
    await world.happen(1);
    const seen = await strays(async () => {
      world.subscriptions.subscribe('a', world.listener, { from: 0 });
      await turns();
    });
    expect(seen).toEqual([]);
    const report = 'chartroom: a subscription could not be given its past events.';
    expect(world.lines).toEqual([['error', report, error]]);
    await world.happen(1);
    expect(world.heard).toMatchObject([
      { type: 'gap', from: 1, to: 1, seq: 1 },
      { type: 'file_added', seq: 2 },
    ]);
  });
});
