import type { SessionError } from 'chartroom';

/** Why there is no session to show, in words for a person, in a view that recovers none. */
export function absenceOf({ code, message }: SessionError): string {
  if (code === 'SESSION_NOT_FOUND')
    return 'It has ended. If it was killed, it stands in trouble in the list, and can be recovered from there.';
  return message;
}
