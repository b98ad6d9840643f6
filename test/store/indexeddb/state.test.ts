import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.ts';
import { DURABLE, OPENING, StateTopic, type StoreState } from '../../../src/store/indexeddb/state.ts';

const full: StoreState = { is: 'full', reason: new SessionError('STORE_FAILED', 'full') };

describe('the state of a store', () => {
  it('is closed at first, and the same frozen object until it changes', () => {
    const topic = new StateTopic();
    const { state } = topic;
    expect(state).toEqual({ is: 'closed' });
    expect(topic.state).toBe(state);
    topic.announce(full);
    expect(topic.state).toBe(full);
    expect(Object.isFrozen(topic.state)).toBe(true);
  });

  it('is told to each subscription, in their order, when it changes and not otherwise', () => {
    const topic = new StateTopic();
    const heard: string[] = [];
    topic.subscribe(({ is }) => heard.push(`a ${is}`));
    topic.subscribe(({ is }) => heard.push(`b ${is}`));
    topic.announce(OPENING);
    topic.announce(OPENING);
    topic.announce(DURABLE);
    expect(heard).toEqual(['a opening', 'b opening', 'a durable', 'b durable']);
  });

  it('is told no more after unsubscribing; the other subscription of one function goes on', () => {
    const topic = new StateTopic();
    let heard = 0;
    const listener = () => {
      heard += 1;
    };
    const stop = topic.subscribe(listener);
    const stopOther = topic.subscribe(listener);
    expect(topic.isHeard).toBe(true);
    stop();
    stop();
    topic.announce(OPENING);
    expect(heard).toBe(1);
    stopOther();
    topic.announce(DURABLE);
    expect([heard, topic.isHeard]).toEqual([1, false]);
  });

  it('is told in the order of its changes, also of one that a listener brings about', () => {
    const topic = new StateTopic();
    const heard: string[] = [];
    topic.subscribe(({ is }) => {
      if (is === 'full') topic.announce(OPENING);
    });
    topic.subscribe(({ is }) => {
      heard.push(is);
      if (is === 'opening') stop();
    });
    const stop = topic.subscribe(({ is }) => heard.push(`stopped ${is}`));
    topic.announce(full);
    topic.announce(DURABLE);
    expect(heard).toEqual(['full', 'stopped full', 'opening', 'durable']);
  });

  it('reaches all listeners though one throws, and what that threw is an uncaught error', async () => {
    const topic = new StateTopic();
    const uncaught: unknown[] = [];
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    const heard: string[] = [];
    topic.subscribe(() => {
      throw new Error('of a stranger');
    });
    topic.subscribe(({ is }) => heard.push(is));
    topic.announce(OPENING);
    expect(heard).toEqual(['opening']);
    await new Promise<void>((resolve) => setImmediate(resolve));
    process.removeAllListeners('uncaughtException');
    for (const other of others) process.on('uncaughtException', other);
    expect(uncaught).toEqual([new Error('of a stranger')]);
  });
});
