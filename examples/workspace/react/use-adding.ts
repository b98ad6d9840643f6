import { useSessionClient } from 'chartroom/react';
import { addDrop, sayRefused } from '../shared/add-files.ts';
import type { Drop } from '../shared/dropped.ts';
import { useNewSession } from './use-new-session.ts';
import { useWorkspace } from './use-workspace.ts';

/** A function that adds what was dropped, or chosen, to the session; without one, to a new one. */
export function useAdding(id: string | undefined): (drop: Drop | Promise<Drop>) => Promise<void> {
  const client = useSessionClient();
  const workspace = useWorkspace();
  const { begin } = useNewSession();
  return async (reading) => {
    const drop = await reading;
    // No session is begun for what there is nothing to read in.
    if (drop.files.length === 0) return sayRefused(workspace.notices, drop);
    const target = id ?? (await begin());
    if (target !== undefined) await addDrop(workspace, client.session(target), drop);
  };
}
