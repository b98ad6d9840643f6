import type { SessionStatus } from '../../src/data.ts';

const none: Record<SessionStatus, number> = {
  initializing: 0,
  active: 0,
  idle: 0,
  terminating: 0,
  terminated: 0,
};

/** What `stats()` shows when nothing is left; without `sessions`, whatever sessions there are. */
export function atRest({ sessions = true } = {}) {
  return {
    ...(sessions ? { sessions: none } : {}),
    asleep: 0,
    pending: 0,
    listeners: 0,
    streams: 0,
    deadlines: 0,
    journalLag: 0,
  };
}
