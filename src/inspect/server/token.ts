import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits that nobody guesses. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What an app that is to be looked at says in its address. It lets events in and nothing out, since it stands in the
 * app's source: who reads it there must not thereby come to see, or steer, the sessions. The same for the same token.
 */
export function feedTokenOf(token: string): string {
  return createHmac('sha256', token).update('chartroom feed').digest('base64url');
}

/** Takes as long for a wrong token as for the right one, however many characters of it are right. */
export function isToken(given: string | undefined, token: string): boolean {
  return timingSafeEqual(hash('sha256', given ?? '', 'buffer'), hash('sha256', token, 'buffer'));
}
