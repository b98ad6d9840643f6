/** Sequences that lead where single steps seldom get. */
import fc from 'fast-check';
import { liveId, pick, plan } from './choices.ts';
import { PLAIN_PLAN } from './reactions.ts';
import type { Call, Step } from './scenario.ts';

/** What takes several steps in a row to come about, and seldom would by itself. */
export const story: fc.Arbitrary<readonly Step[]> = fc
  .record({ id: liveId, plan, landed: fc.nat({ max: 15 }), haunts: fc.boolean() })
  .chain(({ id: who, plan: how, landed, haunts }) => {
    const ask = (call: Call): Step => ({
      command: { do: 'call', id: who, call, viaHandle: false },
      turn: true,
    });
    const rest: Step = { command: { do: 'quiesce' }, turn: true };
    const end = ask({ kind: 'terminate', timeoutMs: null });
    const begin = ask({ kind: 'create', plan: how });
    const frail = ask({ kind: 'create', plan: { ...how, again: 'failNow' } });
    const say = ask({ kind: 'send', key: null, tokens: 1 });
    // Its cleanup writes once it is let go on, when its session may have started again.
    const lingering = ask({ kind: 'create', plan: { ...how, initialize: 'ok', cleanup: 'late' } });
    const kill = ask({ kind: 'kill' });
    const keyed = ask({ kind: 'send', key: 'k', tokens: 1 });
    // Whoever has nothing to do idles after 100 ms, sleeps after 150 and ends after 250 or 1,000, if at all.
    const late: Step = { command: { do: 'advance', ms: 100 }, turn: true };
    const nap: Step = { command: { do: 'advance', ms: 20 }, turn: true };
    const longer: Step = { command: { do: 'advance', ms: 1000 }, turn: true };
    const other: Step = {
      command: { do: 'call', id: 'b', call: { kind: 'create', plan: PLAIN_PLAN }, viaHandle: false },
      turn: true,
    };
    const deaf: Step = {
      command: { do: 'fault', fault: { what: 'read', times: 1, late: haunts, landed: false } },
      turn: true,
    };
    const emit = ask({ kind: 'dispatch', act: 'emit' });
    const refuse: Step = {
      command: { do: 'fault', fault: { what: 'append', times: 1, late: haunts, landed: false } },
      turn: true,
    };
    const index = (key: string): Step => ask({ kind: 'updateIndex', path: 'x.ts', key });
    const indexOf = ask({ kind: 'fileIndex' });
    const touch: Step = { command: { do: 'touch', path: 'x.ts' }, turn: true };
    const read = ask({ kind: 'readFile', path: 'x.ts' });
    const put = ask({ kind: 'cacheFile', path: 'x.ts' });
    const save = (key: string): Step => ({ ...ask({ kind: 'put', key }), turn: false });
    const remove = (key: string): Step => ({ ...ask({ kind: 'delete', key }), turn: false });
    const crash = ask({ kind: 'dispatch', act: 'crash' });
    const die: Step = { command: { do: 'crash', landed, haunts }, turn: true };
    const back: Step = { command: { do: 'recover', spoils: null }, turn: true };
    const pause: Step = { command: { do: 'advance', ms: 20 }, turn: true };
    const wait: Step = { command: { do: 'advance', ms: 250 }, turn: true };
    return pick<readonly Step[]>(
      [end, rest, begin],
      [say, ask({ kind: 'save' }), end, rest, ask({ kind: 'restore' })],
      [crash, rest, crash, rest, crash],
      [touch, read, { ...put, turn: false }, rest, read],
      [begin, { command: { do: 'abort', nth: 0 }, turn: true }],
      [{ ...say, turn: false }, die, back],
      [say, { ...die, turn: false }, wait, back],
      [die, { ...back, turn: false }, { ...die, turn: false }, back, rest],
      [wait, rest, wait, rest, { ...say, turn: false }, ask({ kind: 'list' })],
      [put, wait, rest, wait, rest, read, say],
      [save('k'), save('toString'), remove('k'), save('k'), rest],
      [frail, rest, crash, rest, pause, rest, die, back],
      [{ ...say, turn: false }, { ...end, turn: false }, say],
      [end, rest, lingering, crash, kill, rest],
      [end, rest, begin, rest, late, wait, rest, deaf, longer, rest, longer, rest],
      [begin, nap, other, rest, late, wait, ...Array.from({ length: 15 }, () => nap)],
      [end, rest, begin, rest, crash, rest, late, nap, nap, ask({ kind: 'info' }), crash, rest],
      [begin, rest, late, wait, rest, { ...say, turn: false }, { ...say, turn: false }, say, rest],
      [begin, keyed, ask({ kind: 'save' }), end, rest, ask({ kind: 'restore' }), rest, keyed],
      [begin, rest, keyed, late, wait, rest, keyed],
      [
        end,
        rest,
        begin,
        rest,
        emit,
        late,
        ...Array.from({ length: 3 }, (): Step => ({ command: { do: 'tick' }, turn: true })),
      ],
      [begin, rest, emit, die, back, rest, ask({ kind: 'info' }), emit],
      [begin, rest, refuse, emit, die, back, rest, ask({ kind: 'info' })],
      [begin, rest, emit, crash, rest, { ...die, turn: false }, back, rest, ask({ kind: 'info' })],
      [{ ...index('k'), turn: false }, { ...index('toString'), turn: false }, rest, indexOf],
      [
        end,
        rest,
        { ...begin, turn: false },
        { ...index('k'), turn: false },
        index('toString'),
        rest,
        indexOf,
      ],
    );
  });
