import { createSessionManager, type SessionManager } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { shareSessions } from '../../src/tabs/index.ts';
import type { SharedSessions } from '../../src/tabs/shared-tab.ts';
import { clientContract } from './client.ts';
import type { Client } from './subject.ts';

let posted = 0;
class CountedChannel extends BroadcastChannel {
  override postMessage(message: unknown): void {
    posted += 1;
    super.postMessage(message);
  }
}
globalThis.BroadcastChannel = CountedChannel;

let followers: SharedSessions[] = [];
let worlds = 0;

const until = (shared: SharedSessions, is: string) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (shared.state.is === is) resolve();
    };
    shared.subscribeToState(look);
    look();
  });

/** The browser's own locks and channels, which two in one page share as two in two pages do. */
async function twoTabs(options: SessionManagerOptions = {}): Promise<Client> {
  const name = `contract-${worlds++}`;
  const create = () => createSessionManager(options) as SessionManager<never>;
  const how = { logger: options.logger ?? {}, takeoverMs: 0 };
  const owner = shareSessions(name, create, how);
  await until(owner, 'owner');
  const follower = shareSessions(name, create, how);
  await until(follower, 'follower');
  followers.push(follower);
  const close = follower.close.bind(follower);
  follower.close = async (closing) => {
    followers = followers.filter((each) => each !== follower);
    await close(closing);
    await owner.close();
  };
  return follower as Client;
}

/** Until a question and its answer are all that is posted: an answer comes after what was published before it. */
async function settle(): Promise<void> {
  for (let still = 0; still < 2; ) {
    const before = posted;
    await Promise.all(followers.map((follower) => follower.listSessions()));
    still = posted - before === 2 * followers.length ? still + 1 : 0;
  }
}

// The cursors are left to the line in one process: writing past what a store retains takes long over this one.
clientContract('a tab that follows, in a browser', twoTabs, settle, [
  'lookup',
  'agents',
  'conversation',
  'idempotency',
  'limits',
  'files',
  'working context',
  'build',
  'cache',
  'events',
  'delivery',
  'streams',
  'saved sessions',
  'json',
  'arguments',
]);
