/** Finds out, before the runs, what the client under test makes use of. */
import { later } from '../../later.ts';
import type { Extras } from './env.ts';
import type { Unprobed } from './options.ts';
import { PLAIN_SETTINGS } from './plain.ts';
import { turn } from './ports.ts';
import { PLAIN_PLAN } from './reactions.ts';
import type { Abilities } from './subject.ts';
import { World } from './world.ts';

/** Makes one client, and one session of it. A `TypeError` says why that client cannot be verified. */
export async function probe(subject: Unprobed): Promise<Abilities> {
  // An engine loads these when it needs them; here at once, because loading takes as long as it takes.
  await Promise.all(Object.values(later).map((load) => load()));
  const everything = { store: false, agent: false, hooks: false, stats: false };
  const world = await World.begin({ ...subject, abilities: everything }, 1, PLAIN_SETTINGS);
  try {
    const { manager, process } = world;
    let createdAt = '';
    manager.subscribeToAllSessions(({ at }) => {
      createdAt ||= at;
    });
    const created = manager.createSession({ id: 'probe', metadata: { ...PLAIN_PLAN } });
    await world.withStore(created).catch((error: unknown) => {
      const hint =
        subject.hooks || subject.agent
          ? ' Hooks and agents must not wait for real timers or the network.'
          : '';
      throw new TypeError(
        `The client cannot be verified, since it creates no session: ${reasonOf(error)}.${hint}`,
        { cause: error },
      );
    });
    await turn();
    if (Date.parse(createdAt) !== world.clock.now())
      throw new TypeError(
        `The client does not go by the clock of the run: a session made at ${new Date(world.clock.now()).toISOString()} ` +
          `says ${createdAt}. Hand env.options to createSessionManager, or env.clock to what tells the time.`,
      );
    const abilities: Abilities = {
      store: process.connection.opened,
      agent: process.roster.entered || process.roster.completed.has('probe'),
      hooks: process.hooks.called,
      stats: typeof (manager as Extras).stats === 'function',
    };
    // One that does not close is for the runs to find.
    await world.withStore(manager.close()).catch(() => {});
    return abilities;
  } finally {
    world.abandon();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
