import type { LibrarianEvent } from 'chartroom/agents/librarian';
import { openInspector } from 'chartroom/inspect/page';
import { indexedDbStore } from 'chartroom/store/indexeddb';
import { type SharedSessions, shareSessions } from 'chartroom/tabs';
import { type Digests, watchDigests } from './digests.ts';
import { openEngine } from './engine.ts';
import { type FallenSessions, watchFallen } from './fallen.ts';
import { type FileShelf, openFileShelf } from './file-shelf.ts';
import { createNotices, type Notices } from './notices.ts';
import { type Standing, storageStanding, tabStanding } from './standing.ts';
import { tellStanding } from './told-standing.ts';
import { createValue, type Value } from './value.ts';

/** All that the page is over, whatever it is written in. */
export interface Workspace {
  /** The sessions of all tabs. */
  readonly client: SharedSessions<LibrarianEvent>;
  readonly shelf: FileShelf;
  readonly digests: Digests;
  readonly fallen: FallenSessions;
  /** What went wrong. */
  readonly notices: Notices;
  /** What is good to know, where nothing went wrong. */
  readonly hints: Notices;
  /** Where the sessions are kept. */
  readonly storage: Value<Standing>;
  /** Which tab runs them. */
  readonly tabs: Value<Standing>;
  /** To be called while a click is handled. */
  inspect(): Promise<void>;
}

export async function openWorkspace(): Promise<Workspace> {
  const shelf = await openFileShelf('workspace-files');
  const storage = tellStanding('workspace-storage');

  // One tab runs the engine; when it goes, another opens one over the same store, and the sessions go on.
  const client = shareSessions('workspace', () => {
    const store = indexedDbStore('workspace');
    store.subscribe((state) => storage.set(storageStanding(state)));
    return openEngine(store, shelf);
  });
  const tabs = createValue(tabStanding(client.state));
  client.subscribeToState(() => tabs.set(tabStanding(client.state)));
  const hints = createNotices();
  return {
    client,
    shelf,
    storage,
    notices: createNotices(),
    hints,
    digests: watchDigests(client),
    fallen: watchFallen(client),
    tabs,
    async inspect() {
      if (!client.manager) {
        hints.add('Another tab runs the sessions: open the inspector in that one.');
        return;
      }
      await openInspector(client.manager, { allow: ['send', 'dispatch', 'kill', 'terminate'] });
    },
  };
}
