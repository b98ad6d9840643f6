import { describe, expect, it } from 'vitest';
import { Bus } from '../../src/events/bus.ts';
import type { SessionEvent } from '../../src/events/types.ts';
import { anyFact, createdFact } from '../support/facts.ts';
import { loggedGuard } from '../support/log.ts';

/** A bus, and who heard which `seq`. */
function setUp() {
  const { guard, lines } = loggedGuard();
  const bus = new Bus(guard);
  const heard: string[] = [];
  const listen = (name: string, sessionId?: string, then: (event: SessionEvent) => void = () => {}) => {
    const listener = (event: SessionEvent) => {
      heard.push(`${name} ${event.seq}`);
      then(event);
    };
    const { subscription } = bus.subscribe(sessionId, listener, undefined);
    return { listener, subscription, stop: () => bus.unsubscribe(sessionId, subscription) };
  };
  /** Who hears the next event. */
  const ring = (seq: number, sessionId = 'a') => {
    heard.length = 0;
    bus.publish(anyFact(seq, sessionId));
    return [...heard];
  };
  return { bus, heard, listen, ring, lines };
}

describe('an event', () => {
  it('reaches those of all sessions and of its own, in the order in which they subscribed', () => {
    const { listen, ring } = setUp();
    listen('a1', 'a');
    listen('all1');
    listen('b1', 'b');
    listen('all2');
    listen('a2', 'a');
    listen('a3', 'a');
    expect(ring(1)).toEqual(['a1 1', 'all1 1', 'all2 1', 'a2 1', 'a3 1']);
    expect(ring(2, 'b')).toEqual(['all1 2', 'b1 2', 'all2 2']);
    expect(ring(3, 'c')).toEqual(['all1 3', 'all2 3']);
  });

  it('is one frozen object for all who hear it', () => {
    const { bus } = setUp();
    const events: SessionEvent[] = [];
    bus.subscribe(undefined, (event) => events.push(event), undefined);
    bus.subscribe('a', (event) => events.push(event), undefined);
    bus.publish(anyFact(1));
    expect(events).toHaveLength(2);
    expect(events[0]).toBe(events[1]);
    expect(Object.isFrozen(events[0])).toBe(true);
  });

  it('is not even made when nobody listens', () => {
    const { bus, listen } = setUp();
    let reads = 0;
    const fact = {
      ...anyFact(1, 'quiet'),
      get payload(): never {
        reads += 1;
        return { path: 'x' } as never;
      },
    };
    listen('other', 'a');
    bus.publish(fact);
    expect(reads).toBe(0);
    listen('all');
    bus.publish(fact);
    expect(reads).toBe(1);
  });

  it('passes by a listener that wants other types', () => {
    const { bus } = setUp();
    const types: string[] = [];
    bus.subscribe('a', ({ type }) => types.push(type), new Set(['file_added']));
    bus.publish(createdFact({ seq: 1 }));
    bus.publish(anyFact(2));
    expect(types).toEqual(['file_added']);
  });

  it('passes by a listener that has had it already', () => {
    const { listen, ring } = setUp();
    listen('a').subscription.after = 2;
    expect([ring(1), ring(2), ring(3)]).toEqual([[], [], ['a 3']]);
  });

  it('reaches the others when a listener throws', () => {
    const { listen, ring, lines } = setUp();
    const error = new Error('deaf');
    listen('first', undefined, () => {
      throw error;
    });
    listen('second', 'a');
    expect(ring(1)).toEqual(['first 1', 'second 1']);
    expect(lines).toEqual([['error', 'chartroom: a listener threw; nobody else is affected.', error]]);
  });
});

describe('during delivery', () => {
  it.each([
    ['all sessions', undefined],
    ['the same session', 'a'],
  ])('one who subscribes to %s hears from the next event on', (_what, topic) => {
    const { listen, ring } = setUp();
    let once = true;
    listen('first', 'a', () => {
      if (once) listen('newcomer', topic);
      once = false;
    });
    listen('last');
    expect(ring(1)).toEqual(['first 1', 'last 1']);
    expect(ring(2)).toEqual(['first 2', 'last 2', 'newcomer 2']);
  });

  it('one who unsubscribes another is the last that the other hears of', () => {
    const { bus, listen, ring } = setUp();
    listen('first', 'a', () => third.stop());
    listen('second', 'a');
    const third = listen('third');
    expect(ring(1)).toEqual(['first 1', 'second 1']);
    expect(bus.listeners).toBe(2);
  });

  it('those who unsubscribe themselves skip nobody', () => {
    const { bus, listen, ring } = setUp();
    for (const name of ['x', 'y', 'z']) {
      const own = listen(name, 'a', () => own.stop());
    }
    expect(ring(1)).toEqual(['x 1', 'y 1', 'z 1']);
    expect([bus.listeners, bus.topics]).toEqual([0, 0]);
  });

  it('clearing ends it', () => {
    const { bus, listen, ring } = setUp();
    listen('first', undefined, () => bus.clear());
    listen('second', 'a');
    expect(ring(1)).toEqual(['first 1']);
  });
});

describe('a subscription', () => {
  it('is one per listener and topic; the options of the first one stand', () => {
    const { bus, heard } = setUp();
    const listener = ({ type }: SessionEvent) => heard.push(type);
    const first = bus.subscribe('a', listener, new Set(['file_added']));
    const second = bus.subscribe('a', listener, new Set(['session_created']));
    expect([first.added, second.added]).toEqual([true, false]);
    expect(second.subscription).toBe(first.subscription);
    expect(bus.listeners).toBe(1);
    bus.publish(createdFact({ seq: 1 }));
    bus.publish(anyFact(2));
    expect(heard).toEqual(['file_added']);
  });

  it('of one listener on several topics is one on each', () => {
    const { bus, heard } = setUp();
    const listener = ({ seq }: SessionEvent) => heard.push(`${seq}`);
    for (const topic of [undefined, 'a', 'b'])
      expect(bus.subscribe(topic, listener, undefined).added).toBe(true);
    bus.publish(anyFact(1));
    expect(heard).toEqual(['1', '1']);
    expect([bus.listeners, bus.topics]).toEqual([3, 2]);
  });

  it('that was ended can be made anew, and has its new place', () => {
    const { bus, listen, ring } = setUp();
    const first = listen('first', 'a');
    listen('second', 'a');
    first.stop();
    expect(bus.subscribe('a', first.listener, undefined).added).toBe(true);
    expect(ring(1)).toEqual(['second 1', 'first 1']);
  });

  it('ends once, and takes along neither its namesake nor its neighbours', () => {
    const { bus, listen, ring } = setUp();
    const first = listen('first', 'a');
    const other = listen('other', 'a');
    first.stop();
    first.stop();
    bus.subscribe('a', first.listener, undefined);
    first.stop();
    expect(ring(1)).toEqual(['other 1', 'first 1']);
    expect(bus.listeners).toBe(2);
    other.stop();
    expect(bus.topics).toBe(1);
  });

  it('lets go of what it holds elsewhere, once, however it ends', () => {
    const { bus, listen } = setUp();
    const released: string[] = [];
    const [stopped, cleared] = [listen('stopped', 'a'), listen('cleared')];
    stopped.subscription.release = () => released.push('stopped');
    cleared.subscription.release = () => released.push('cleared');
    stopped.stop();
    stopped.stop();
    expect(released).toEqual(['stopped']);
    bus.clear();
    cleared.stop();
    expect(released).toEqual(['stopped', 'cleared']);
  });

  it('on a session leaves no topic behind, whatever the id', () => {
    const { bus, listen } = setUp();
    const stops = ['a', 'b', 'toString', 'constructor'].map((id) => listen(id, id).stop);
    expect(bus.topics).toBe(4);
    for (const stop of stops) stop();
    expect([bus.listeners, bus.topics]).toEqual([0, 0]);
  });
});

describe('clearing', () => {
  it('ends all subscriptions, and ending one of them afterwards is of no effect', () => {
    const { bus, listen, ring } = setUp();
    const [all, one] = [listen('all'), listen('one', 'a')];
    bus.clear();
    expect([bus.listeners, bus.topics, ring(1)]).toEqual([0, 0, []]);
    all.stop();
    one.stop();
    expect([bus.listeners, bus.topics]).toEqual([0, 0]);
    listen('new', 'a');
    expect(ring(2)).toEqual(['new 2']);
  });

  it('keeps nobody from subscribing anew', () => {
    const { bus, listen, ring } = setUp();
    const [all, one] = [listen('all'), listen('one', 'a')];
    bus.clear();
    expect(bus.subscribe(undefined, all.listener, undefined).added).toBe(true);
    expect(bus.subscribe('a', one.listener, undefined).added).toBe(true);
    expect(ring(1)).toEqual(['all 1', 'one 1']);
  });
});

describe('all who listen', () => {
  it('are listed in the order in which they subscribed, across topics, until they leave', () => {
    const { bus, listen } = setUp();
    const [a, all, b] = [listen('a', 'a'), listen('all'), listen('b', 'b')];
    expect(bus.all()).toEqual([a, all, b].map(({ subscription }) => subscription));
    all.stop();
    expect(bus.all()).toEqual([a.subscription, b.subscription]);
  });
});
