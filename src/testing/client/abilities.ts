/** Finds out, before the runs, what the client under test makes use of. */
import type { Extras } from './env.ts';
import type { Unprobed } from './options.ts';
import { turn } from './ports.ts';
import { PLAIN_PLAN } from './reactions.ts';
import type { Settings } from './scenario.ts';
import type { Abilities, Client } from './subject.ts';
import { World } from './world.ts';

/** A run in which nothing special happens. */
export const PLAIN_SETTINGS: Settings = {
  restart: 'temporary',
  maxRestarts: 3,
  withinMs: 1000,
  backoffMs: 0,
  agent: true,
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

const METHODS: ReadonlyArray<keyof Client> = [
  'createSession',
  'getOrCreateSession',
  'terminateSession',
  'killSession',
  'listSessions',
  'getSessionInfo',
  'session',
  'sendMessage',
  'subscribeToSession',
  'subscribeToAllSessions',
  'events',
  'saveSession',
  'restoreSession',
  'listSavedSessions',
  'deleteSavedSession',
  'close',
];

/** Makes one client, and one session of it. A `TypeError` says why that client cannot be verified. */
export async function probe(subject: Unprobed): Promise<Abilities> {
  const everything = { store: false, agent: false, hooks: false, stats: false };
  const world = await begin({ ...subject, abilities: everything });
  try {
    const { manager, process } = world;
    const created = manager.createSession({ id: 'probe', metadata: { ...PLAIN_PLAN } });
    const session = await world.withStore(created).catch((error: unknown) => {
      throw new TypeError(`The client cannot be verified, since it creates no session: ${reasonOf(error)}`, {
        cause: error,
      });
    });
    await turn();
    const { createdAt } = await world.withStore(session.info());
    if (Date.parse(createdAt) !== world.clock.now())
      throw new TypeError(
        `The client does not go by the clock of the run: a session made at ${new Date(world.clock.now()).toISOString()} ` +
          `says ${createdAt}. Hand env.options to createSessionManager, or env.clock to what tells the time.`,
      );
    const abilities: Abilities = {
      store: process.connection.opened,
      agent: process.roster.count('probe') === 1 || process.roster.completed.has('probe'),
      hooks: process.hooks.called,
      stats: typeof (manager as Extras).stats === 'function',
    };
    await world.withStore(manager.close());
    return abilities;
  } finally {
    world.abandon();
  }
}

async function begin(subject: World['subject']): Promise<World> {
  const world = await World.begin(subject, 1, PLAIN_SETTINGS);
  const missing = METHODS.filter((name) => typeof world.manager[name] !== 'function');
  if (missing.length === 0) return world;
  throw new TypeError(
    `What was made is no SessionClient: it has no ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}.`,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
