/** @jsxImportSource react */
import type { SessionEvent } from 'chartroom';
import { useSessionClient } from 'chartroom/react';
import { useEffect, useState } from 'react';
import { isTrouble } from '../shared/copies.ts';

/**
 * Says to those who listen what those who look can see: once when an answer begins, whole when it is there, never
 * each of its pieces.
 */
export function Announcer({ id }: { id: string | undefined }) {
  const client = useSessionClient();
  const [text, setText] = useState('');
  useEffect(() => {
    // What was said of one session is not to be read in another.
    setText('');
    if (id === undefined) return;
    return client.subscribeToSession(id, (event) => setText((before) => announcementOf(event) ?? before), {
      types: ['agent_status', 'llm_response', 'session_terminated'],
    });
  }, [client, id]);
  return (
    <p className="hidden" role="status" aria-label="Announcements">
      {text}
    </p>
  );
}

function announcementOf(event: SessionEvent): string | undefined {
  if (event.type === 'llm_response') return `Answer: ${event.content}`;
  if (event.type === 'agent_status' && event.status === 'searching') return 'Searching the files.';
  if (event.type === 'agent_status' && event.status === 'cancelled') return 'The answer was stopped.';
  if (event.type === 'session_terminated' && isTrouble(event.reason))
    return 'The session was killed or has crashed.';
  return undefined;
}
