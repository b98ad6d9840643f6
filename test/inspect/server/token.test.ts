import { describe, expect, it } from 'vitest';
import { feedTokenOf, isToken, newToken } from '../../../src/inspect/server/token.ts';

const LEGAL = /^[A-Za-z0-9_-]{43}$/;

describe('a token', () => {
  it('is 256 random bits that a subprotocol, a query and a fragment take as they are', () => {
    const tokens = Array.from({ length: 100 }, newToken);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) {
      expect(token).toMatch(LEGAL);
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    }
  });

  it('is known again, and nothing else for it', () => {
    const token = newToken();
    expect(isToken(token, token)).toBe(true);
    for (const other of [undefined, '', token.slice(1), `${token}a`, newToken(), feedTokenOf(token)])
      expect(isToken(other, token)).toBe(false);
  });

  it('of a feed is the same for the same token, and does not tell it', () => {
    expect(feedTokenOf('a token of mine')).toBe(feedTokenOf('a token of mine'));
    expect(feedTokenOf('a token of mine')).not.toBe(feedTokenOf('a token of yours'));
    expect(feedTokenOf(newToken())).toMatch(LEGAL);
  });
});
