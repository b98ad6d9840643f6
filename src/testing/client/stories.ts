/** Sequences that lead where single steps seldom get. They come about anywhere in a run, under whatever settings. */
import fc from 'fast-check';
import { act, advance, back, fault, rest, send, soon, ask as stepOf, tick, times, touch } from './acts.ts';
import { liveId, pick, plan } from './choices.ts';
import { PLAIN_PLAN } from './reactions.ts';
import type { Call, Step } from './scenario.ts';

/** What takes several steps in a row to come about, and seldom would by itself. */
export const story: fc.Arbitrary<readonly Step[]> = fc
  .record({ id: liveId, plan, landed: fc.nat({ max: 15 }), haunts: fc.boolean() })
  .chain(({ id: who, plan: how, landed, haunts }) => {
    const ask = (call: Call): Step => stepOf(who, call);
    const end = ask({ kind: 'terminate', timeoutMs: null });
    const begin = ask({ kind: 'create', plan: how });
    const frail = ask({ kind: 'create', plan: { ...how, again: 'failNow' } });
    // Its cleanup writes once it is let go on, when its session may have started again.
    const lingering = ask({ kind: 'create', plan: { ...how, initialize: 'ok', cleanup: 'late' } });
    const other = stepOf('b', { kind: 'create', plan: PLAIN_PLAN });
    const kill = ask({ kind: 'kill' });
    const say = send(who);
    const keyed = send(who, 'k');
    const look = ask({ kind: 'info' });
    const emit = ask({ kind: 'dispatch', act: 'emit' });
    const crash = ask({ kind: 'dispatch', act: 'crash' });
    const saved = ask({ kind: 'save' });
    const restored = ask({ kind: 'restore' });
    const index = (key: string): Step => ask({ kind: 'updateIndex', path: 'x.ts', key });
    const indexOf = ask({ kind: 'fileIndex' });
    const read = ask({ kind: 'readFile', path: 'x.ts' });
    const put = ask({ kind: 'cacheFile', path: 'x.ts' });
    const keep = (key: string): Step => soon(ask({ kind: 'put', key }));
    const remove = (key: string): Step => soon(ask({ kind: 'delete', key }));
    // Whoever has nothing to do idles after 100 ms, sleeps after 150 and ends after 250 or 1,000, if at all.
    const nap = advance(20);
    const late = advance(100);
    const wait = advance(250);
    const longer = advance(1000);
    const deaf = fault('read', haunts);
    const refuse = fault('append', haunts);
    const die = act({ do: 'crash', landed, haunts });
    return pick<readonly Step[]>(
      [end, rest, begin],
      [say, saved, end, rest, restored],
      [crash, rest, crash, rest, crash],
      [touch('x.ts'), read, soon(put), rest, read],
      [begin, act({ do: 'abort', nth: 0 })],
      [soon(say), die, back],
      [say, soon(die), wait, back],
      [die, soon(back), soon(die), back, rest],
      [wait, rest, wait, rest, soon(say), ask({ kind: 'list' })],
      [put, wait, rest, wait, rest, read, say],
      [keep('k'), keep('toString'), remove('k'), keep('k'), rest],
      [frail, rest, crash, rest, nap, rest, die, back],
      [soon(say), soon(end), say],
      [end, rest, lingering, crash, kill, rest],
      [end, rest, begin, rest, late, wait, rest, deaf, longer, rest, longer, rest],
      [begin, nap, other, rest, late, wait, ...times(15, nap)],
      [end, rest, begin, rest, crash, rest, late, nap, nap, look, crash, rest],
      [begin, rest, late, wait, rest, soon(say), soon(say), say, rest],
      [begin, keyed, saved, end, rest, restored, rest, keyed],
      [begin, rest, keyed, late, wait, rest, keyed],
      [end, rest, begin, rest, emit, late, ...times(3, tick)],
      [begin, rest, emit, die, back, rest, look, emit],
      [begin, rest, refuse, emit, die, back, rest, look],
      [begin, rest, emit, crash, rest, soon(die), back, rest, look],
      [soon(index('k')), soon(index('toString')), rest, indexOf],
      [end, rest, soon(begin), soon(index('k')), index('toString'), rest, indexOf],
    );
  });
