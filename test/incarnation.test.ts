import { createSessionManager } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { incarnationOf } from '../src/incarnation.ts';

describe('the incarnation of a session', () => {
  it('is noted of the handle that create gives, and of no other', async () => {
    await using rooms = createSessionManager();
    const session = await rooms.createSession({ id: 'a' });
    expect(incarnationOf(session)).toBe((await session.info()).seq);
    expect(incarnationOf(rooms.session('a'))).toBeUndefined();
  });
});
