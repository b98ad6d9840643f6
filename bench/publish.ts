import mitt from 'mitt';
import { Bus } from '../src/events/bus.ts';
import type { SessionEvent } from '../src/events/types.ts';
import { Guard } from '../src/guard.ts';
import type { Fact } from '../src/session/facts.ts';
import { type Benchmark, type Contender, compare, interleave, type Row } from './harness.ts';

/** Its types describe a CommonJS module, its package an ECMAScript one. */
const createEmitter = mitt as unknown as typeof mitt.default;

const DELIVERED = 200_000;
const ROUNDS = 15;
const COUNTS = [0, 1, 1_000];

const type = 'working_context_updated';
const sessionId = 's1';
const at = '2026-01-01T00:00:00.000Z';
const payload = { key: 'k' };

/** Ours is given the fact and makes the event of it; mitt is given the event. */
function factOf(seq: number): Fact {
  return { type, sessionId, seq, sessionSeq: seq, at, payload };
}

export const publish: Benchmark = {
  name: 'publish',
  title: 'publish to listeners, against mitt alone',
  heap: 'quiet',
  async run(options) {
    const rows: Row[] = [];
    for (const count of COUNTS) {
      const ops = options.quick ? 10 : Math.max(500, Math.floor(DELIVERED / Math.max(1, count)));
      const contenders = [ours(count, ops), theirs(count, ops)];
      const sample = await interleave(contenders, options.quick ? 1 : ROUNDS, options);
      const what = `publish to ${count.toLocaleString('en-US')} listener${count === 1 ? '' : 's'}`;
      rows.push(compare(what, sample, 'ours', 'mitt', 1.5));
    }
    return rows;
  },
};

function ours(count: number, ops: number): Contender {
  const bus = new Bus(new Guard(undefined));
  const heard = counter();
  for (let index = 0; index < count; index += 1) bus.subscribe(undefined, heard.listener(), undefined);
  return {
    name: 'ours',
    ops,
    run() {
      for (let index = 0; index < ops; index += 1) bus.publish(factOf(index));
    },
    restore: () => heard.check(count * ops),
  };
}

function theirs(count: number, ops: number): Contender {
  const emitter = createEmitter<{ event: SessionEvent }>();
  const heard = counter();
  for (let index = 0; index < count; index += 1) emitter.on('event', heard.listener());
  return {
    name: 'mitt',
    ops,
    run() {
      for (let index = 0; index < ops; index += 1) {
        emitter.emit('event', { type, sessionId, seq: index, at, key: payload.key });
      }
    },
    restore: () => heard.check(count * ops),
  };
}

/** Listeners that do next to nothing, and proof that all of them were called. */
function counter() {
  let calls = 0;
  return {
    listener: () => () => {
      calls += 1;
    },
    check(expected: number): void {
      if (calls !== expected) throw new Error(`${calls} of ${expected} deliveries`);
      calls = 0;
    },
  };
}
