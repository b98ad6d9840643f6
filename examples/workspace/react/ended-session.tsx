/** @jsxImportSource react */
import { useSessionActions, useSessions } from 'chartroom/react';
import { useEffect, useState } from 'react';
import { fateOf, keptOf } from '../shared/fallen.ts';
import { nameOf } from '../shared/names.ts';
import { select } from '../shared/selection.ts';
import { useValue, useWorkspace } from './use-workspace.ts';

/** In place of a session that is not there: the way to bring it back, if there is one. */
export function EndedSession({ id }: { id: string }) {
  const { restore, deleteSaved, pending, error } = useSessionActions();
  const { fallen, shelf } = useWorkspace();
  const others = useSessions().sessions.length;
  const [files, setFiles] = useState<number>();
  useEffect(() => {
    shelf.count(id).then(setFiles, () => {});
  }, [shelf, id]);
  const found = useValue(fallen).find((each) => each.id === id);
  if (!found)
    return (
      <main className="talk" tabIndex={-1}>
        <div className="empty">
          <h2>This session is gone</h2>
          <p>It was terminated, or its address is wrong.</p>
          <button type="button" className="button" onClick={() => select(undefined)}>
            Back to the sessions
          </button>
        </div>
      </main>
    );
  const discard = async () => {
    try {
      await deleteSaved(id);
      await shelf.clear(id);
      await fallen.look();
      select(undefined);
    } catch {
      // It is in `error`.
    }
  };
  return (
    <main className="talk" tabIndex={-1} aria-label={`Session ${nameOf(found)}`}>
      <div className="empty">
        <h2>{`${nameOf(found)} ${fateOf(found.reason)}`}</h2>
        {files !== undefined && <p>{keptOf({ messages: found.messageCount, files, others })}</p>}
        <div className="buttons">
          <button type="button" className="button primary" disabled={pending} onClick={() => restore(id)}>
            Recover
          </button>
          <button type="button" className="button bad" onClick={discard}>
            Discard
          </button>
        </div>
        {error && <p className="failed">{error.message}</p>}
      </div>
    </main>
  );
}
