import { createContext, use, useSyncExternalStore } from 'react';
import type { Value } from '../shared/value.ts';
import type { Workspace } from '../shared/workspace.ts';

export const WorkspaceContext = createContext<Workspace | undefined>(undefined);

/** What of the page is not the sessions themselves: files, digests, the state of storage and tabs. */
export function useWorkspace(): Workspace {
  const workspace = use(WorkspaceContext);
  if (!workspace) throw new Error('There is no WorkspaceContext around this component.');
  return workspace;
}

export function useValue<T>({ subscribe, get }: Value<T>): T {
  return useSyncExternalStore(subscribe, get);
}
