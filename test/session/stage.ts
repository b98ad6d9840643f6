import { afterEach } from 'vitest';
import type { AnyActorLogic, AnyEventObject } from 'xstate';
import { createSessionManager, type SessionManager, type SessionManagerOptions } from '../../src/index.ts';
import { story } from '../agents/neighbourhood.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { type Collector, collect } from '../support/events.ts';

export interface Stage {
  readonly manager: SessionManager<AnyEventObject>;
  readonly clock: TestClock;
  readonly heard: Collector;
  /** Each call of the logger. */
  readonly logged: unknown[][];
  /** What has been published of a session since the last time that was asked, a line for each event. */
  readonly news: (id?: string) => string[];
}

const opened: SessionManager<AnyEventObject>[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((manager) => manager.close()));
});

export type StageOptions = SessionManagerOptions & { clock?: TestClock };

/** A manager on a clock that is moved by hand, closed after the test. */
export function stage(options: StageOptions = {}): Stage {
  const { clock = testClock(Date.UTC(2026, 0, 1)) } = options;
  const logged: unknown[][] = [];
  // What is logged at a level that there is not is logged nowhere.
  const keep = (...line: unknown[]) => void logged.push(line);
  const manager = createSessionManager<AnyActorLogic>({
    logger: { debug: keep, info: keep, warn: keep, error: keep },
    ...options,
    clock,
  });
  opened.push(manager);
  const heard = collect(manager);
  const told = new Map<string, number>();
  const news = (id = 's') => {
    const lines = story(heard, id);
    const fresh = lines.slice(told.get(id) ?? 0);
    told.set(id, lines.length);
    return fresh;
  };
  return { manager, clock, heard, logged, news };
}

/** A hook or an answer that never comes. */
export const forever = () => new Promise<void>(() => {});
