import type { SessionError } from 'chartroom';

/** Why there is no session to show, in words for a person, in a view that recovers none. */
export function absenceOf({ code, message }: SessionError): string {
  if (code === 'SESSION_NOT_FOUND')
    return 'It has ended. If it was killed, React can recover it: choose that above.';
  return message;
}
