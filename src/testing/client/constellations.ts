/**
 * Where a run may begin: sessions in a state that takes several steps and the right settings to come about. What is
 * random goes on from there.
 */
import fc from 'fast-check';
import {
  act,
  advance,
  ask,
  back,
  create,
  dispatch,
  fault,
  rest,
  send,
  soon,
  tick,
  times,
  touch,
} from './acts.ts';
import { pick } from './choices.ts';
import { PLAIN_PLAN } from './reactions.ts';
import type { Settings, Step } from './scenario.ts';

export interface Constellation {
  /** Those that it takes; all others are drawn. */
  readonly settings: Partial<Settings>;
  readonly steps: readonly Step[];
}

/** Idle after 20 ms, and asleep as soon as that is stored. Looking at it would wake it. */
const DROWSY = { idleAfterMs: 20, sleepAfterMs: 1 };
const ASLEEP: Partial<Settings> = { agentStarts: false, curious: false, maxSessions: null, config: DROWSY };
const RESTARTED: Partial<Settings> = { agent: true, maxRestarts: 3, withinMs: 1000, maxSessions: null };
const doze: readonly Step[] = [...times(3, advance(20)), rest];

export const constellation: fc.Arbitrary<Constellation> = fc
  .record({
    ids: pick<readonly [string, string]>(['a', 'b'], ['b', 'a']),
    few: fc.nat({ max: 5 }),
    landed: fc.nat({ max: 15 }),
    late: fc.boolean(),
    restart: pick('transient', 'permanent'),
  })
  .chain(({ ids: [one, other], few, landed, late, restart }) => {
    const begin = [create(one), rest];
    const look = ask(one, { kind: 'info' });
    const crash = dispatch(one, 'crash');
    const die = act({ do: 'crash', landed, haunts: late });
    const add = (path: string) => ask(one, { kind: 'addFile', path });
    const read = ask(one, { kind: 'readFile', path: 'x.ts' });
    const frail = { ...PLAIN_PLAN, again: 'failNow' } as const;
    const held = { ...PLAIN_PLAN, initialize: 'slow' } as const;
    const lingering = { ...PLAIN_PLAN, cleanup: 'late' } as const;
    const often = 1 + (few % 2);
    return pick<Constellation>(
      // Several that sleep, and are due at different times.
      {
        settings: { ...ASLEEP, config: { ...DROWSY, terminateAfterMs: 250 } },
        steps: [...begin, advance(100), create(other), ...doze, ...times(6, advance(20))],
      },
      {
        settings: { ...ASLEEP, config: { ...DROWSY, terminateAfterMs: 250 } },
        steps: [...begin, create(other), ...doze, advance(100), send(one), ...doze, ...times(3, advance(20))],
      },
      // Somebody sleeps and is due, and the store does not say so.
      {
        settings: { ...ASLEEP, config: { ...DROWSY, terminateAfterMs: 250 } },
        steps: [...begin, ...doze, fault('read', late), advance(250), rest],
      },
      // What counts before a sleep counts after it.
      {
        settings: { ...ASLEEP, ...RESTARTED, restart, maxRestarts: often, backoffMs: 0 },
        steps: [...begin, ...times(often, crash).flatMap((step) => [step, rest]), ...doze, look, crash, rest],
      },
      {
        settings: { ...ASLEEP, agent: true, restart: 'transient' },
        steps: [...begin, dispatch(one, 'finish'), rest, ...doze, look, rest],
      },
      { settings: ASLEEP, steps: [...begin, send(one, 'k'), ...doze, send(one, 'k'), rest] },
      // Asleep, and several want something of it at once.
      {
        settings: { ...ASLEEP, reaction: 'send on active', store: 'slow to read' },
        steps: [...begin, ...doze, soon(send(one)), soon(send(one)), send(one), rest],
      },
      // Its agent hears of something just before it would idle.
      {
        settings: { agent: true, agentStarts: false, maxSessions: null, config: { idleAfterMs: 100 } },
        steps: [...begin, ...times(4, advance(20)), dispatch(one, 'job'), ...times(4, advance(20))],
      },
      // The process ends in the middle of a restart, or of the pause before it.
      {
        settings: { ...RESTARTED, restart, backoffMs: 0, store: 'slow', pace: 0 },
        steps: [...begin, dispatch(one, 'emit'), rest, crash, ...times(few, tick), die, back, rest, look],
      },
      {
        settings: { ...RESTARTED, restart, hooks: true, backoffMs: 20 },
        steps: [create(one, frail), rest, crash, rest, advance(20), rest, die, back, rest],
      },
      {
        settings: { ...RESTARTED, restart, hooks: true, backoffMs: 0 },
        steps: [
          create(one, lingering),
          rest,
          crash,
          ...times(few % 3, tick),
          ask(one, { kind: 'kill' }),
          rest,
        ],
      },
      // The store refuses what nobody waits for.
      {
        settings: { ...RESTARTED, restart },
        steps: [...begin, fault('append', late), crash, rest, advance(1000), rest],
      },
      // A start that some wait for, and that others come after.
      {
        settings: { hooks: true, maxSessions: null, store: 'slow', pace: 0 },
        steps: [
          rest,
          create(one, held),
          tick,
          send(one),
          tick,
          send(one),
          ...times(few, tick),
          send(one),
          rest,
        ],
      },
      // A file that changes while it is read, and between two reads.
      {
        settings: { files: true, maxSessions: null },
        steps: [
          ...[...begin, touch('x.ts'), soon(read), ...times(often, tick), touch('x.ts'), rest, read, rest],
          ...[touch('x.ts'), read, rest],
        ],
      },
      // Over a limit.
      {
        settings: { config: { maxFiles: 2 }, maxSessions: null },
        steps: [...begin, add('x.ts'), add('y.ts'), add('z.ts'), rest, add('x.ts'), rest],
      },
      {
        settings: { config: { maxTokens: 12 }, maxSessions: null },
        steps: [...begin, send(one, null, 4), send(one, null, 4), send(one, null, 9), rest],
      },
      {
        settings: { maxSessions: 2, store: 'slow' },
        steps: [soon(create(one)), soon(create(other)), create('toString'), rest],
      },
      // Two at once.
      { settings: { maxSessions: null }, steps: [...begin, soon(add('x.ts')), add('x.ts'), rest] },
      {
        settings: { maxSessions: null },
        steps: [...begin, soon(send(one, 'k')), ask(one, { kind: 'clear' }), send(one, 'k'), rest],
      },
    );
  });
