/** @jsxImportSource react */
import { useSessions } from 'chartroom/react';
import { useNewSession } from './use-new-session.ts';
import { useValue, useWorkspace } from './use-workspace.ts';

export function Welcome() {
  const { status, sessions, error } = useSessions();
  const { begin, pending } = useNewSession();
  const fallen = useValue(useWorkspace().fallen);
  const hasSome = sessions.length + fallen.length > 0;
  return (
    <main className="talk" tabIndex={-1} aria-busy={status === 'loading'}>
      {status === 'error' && <p className="notice bad">{error.message}</p>}
      {status !== 'loading' && (
        <div className="empty">
          <h2>{hasSome ? 'Choose a session' : 'No sessions yet'}</h2>
          <p>
            A session has its own conversation, its own files, and a librarian who answers questions from
            them. Begin one, or drop files anywhere. Nothing leaves this browser.
          </p>
          <button type="button" className="button primary" onClick={begin} disabled={pending}>
            {hasSome ? 'Or begin a new one' : 'Begin the first one'}
          </button>
        </div>
      )}
    </main>
  );
}
