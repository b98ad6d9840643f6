import type { Settings } from './scenario.ts';

/** A run in which nothing special happens. */
export const PLAIN_SETTINGS: Settings = {
  restart: 'temporary',
  maxRestarts: 3,
  withinMs: 1000,
  backoffMs: 0,
  agent: true,
  agentStarts: true,
  hooks: true,
  files: false,
  initializeMs: 500,
  terminateMs: 200,
  config: {},
  maxSessions: null,
  maxPending: null,
  retainEvents: 10_000,
  startsAt: 1_700_000_000_000,
  reaction: 'none',
  store: 'memory',
  pace: 9,
  curious: false,
};
