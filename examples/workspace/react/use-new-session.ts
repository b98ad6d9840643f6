import { useSessionActions, useSessionClient } from 'chartroom/react';
import { newSession } from '../shared/names.ts';
import { select } from '../shared/selection.ts';
import { useWorkspace } from './use-workspace.ts';

/** Creates a session with a name of its own, and goes there; gives its id. */
export function useNewSession() {
  const client = useSessionClient();
  const { fallen } = useWorkspace();
  const { create, pending, error } = useSessionActions();
  const begin = async (): Promise<string | undefined> => {
    try {
      const { id } = await create(newSession(await client.listSessions(), fallen.get()));
      select(id);
      return id;
    } catch {
      // It is in `error`.
      return undefined;
    }
  };
  return { begin, pending, error };
}
