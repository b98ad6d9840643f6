import type { StoreState } from 'chartroom/store/indexeddb';
import type { TabState } from 'chartroom/tabs';

/** How something stands, in words for a person. */
export interface Standing {
  readonly kind: 'well' | 'pending' | 'trouble';
  /** A few words, always to be seen. */
  readonly words: string;
  /** What it means and what can be done, when something is wrong. */
  readonly advice?: string;
}

const well = (words: string): Standing => ({ kind: 'well', words });
const pending = (words: string): Standing => ({ kind: 'pending', words });
const trouble = (words: string, advice: string): Standing => ({ kind: 'trouble', words, advice });

export const OPENING: Standing = pending('Opening the storage');

/** Where the sessions are kept. */
export function storageStanding(state: StoreState): Standing {
  switch (state.is) {
    case 'closed':
    case 'opening':
      return OPENING;
    case 'durable':
      return well('Kept in this browser');
    case 'blocked':
      return trouble(
        'Storage is blocked',
        'Another tab holds an older version of the workspace open. Close or reload that tab; this one then goes on.',
      );
    case 'full':
      return trouble(
        'Storage is full',
        'The last change was not kept. Terminate sessions you no longer need, or free space, and try again.',
      );
    case 'memory':
      return trouble(
        'Only in memory',
        `Nothing here outlives this page: reload it, and the sessions are gone. ${state.reason.message}`,
      );
    case 'lost':
      return trouble(
        'Storage is lost',
        `Nothing can be changed any more. Reload the page. ${state.reason.message}`,
      );
    case 'refused':
      return trouble('Storage did not open', state.reason.message);
  }
}

/** Which tab runs them. */
export function tabStanding(state: TabState): Standing {
  switch (state.is) {
    case 'joining':
      return pending('Looking for other tabs');
    case 'owner':
      return well('This tab runs the sessions');
    case 'follower':
      return well('Another tab runs the sessions');
    case 'alone':
      return trouble('This tab is on its own', state.reason.message);
    case 'failed':
      return trouble('No tab runs the sessions', `Reload the page to try again. ${state.reason.message}`);
    case 'closed':
      return pending('Closed');
  }
}
