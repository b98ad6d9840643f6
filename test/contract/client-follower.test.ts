import { createSessionManager, type SessionManager } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { World } from '../support/tabs.ts';
import { until } from '../support/turns.ts';
import { clientContract } from './client.ts';
import type { Client } from './subject.ts';

const worlds: World[] = [];
const quiet = async () => {
  for (const world of worlds) await world.quiet();
};

/** Two tabs, of which the first owns the engine. */
async function twoTabs(options: SessionManagerOptions = {}) {
  const world = new World();
  worlds.splice(0, worlds.length, ...worlds.slice(-3), world);
  const create = () => createSessionManager(options) as SessionManager<never>;
  // The store is not to be waited for: a contract that locks it wants to hear so.
  const how = { logger: options.logger ?? { error: console.error }, takeoverMs: 0 };
  const [owner, follower] = [world.tab(create, how), world.tab(create, how)];
  const is = ({ shared }: typeof owner, state: string) =>
    shared.state.is === state || shared.state.is === 'failed';
  // The first agent of a process loads a module, which is counted in no turns.
  await until(() => is(owner, 'owner') && is(follower, 'follower'), Number.POSITIVE_INFINITY);
  return [owner.shared, follower.shared] as const;
}

/** Closes both tabs, the one that is tested first. */
function closing(tested: Client, other: Client): Client {
  const close = tested.close.bind(tested);
  tested.close = async (how) => {
    await close(how);
    await other.close();
  };
  return tested;
}

clientContract(
  'a tab that follows',
  async (options) => {
    const [owner, follower] = await twoTabs(options);
    return closing(follower as Client, owner as Client);
  },
  quiet,
);

clientContract(
  'a tab that owns the engine',
  async (options) => {
    const [owner, follower] = await twoTabs(options);
    // The other one leaves first: what is closed here is not to be taken over there.
    const close = owner.close.bind(owner);
    owner.close = async (how) => {
      await follower.close();
      await close(how);
    };
    return owner as Client;
  },
  quiet,
);
