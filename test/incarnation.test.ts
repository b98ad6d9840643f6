import { createSessionManager } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { endingOf, incarnationOf } from '../src/incarnation.ts';

describe('the incarnation of a session', () => {
  it('is noted of the handle that create gives, and of no other', async () => {
    await using rooms = createSessionManager();
    const session = await rooms.createSession({ id: 'a' });
    expect(incarnationOf(session)).toBe((await session.info()).seq);
    expect(incarnationOf(rooms.session('a'))).toBeUndefined();
  });

  it('can be ended alone: a later one of its id goes on', async () => {
    await using rooms = createSessionManager();
    const first = await rooms.createSession({ id: 'a' });
    const seq = incarnationOf(first) ?? Number.NaN;
    await endingOf(rooms)?.('a', seq + 1);
    expect(await rooms.listSessions()).toHaveLength(1);
    await endingOf(rooms)?.('a', seq);
    expect(await rooms.listSessions()).toEqual([]);
    await rooms.createSession({ id: 'a' });
    await endingOf(rooms)?.('a', seq);
    expect(await rooms.listSessions()).toHaveLength(1);
  });

  it('is not for anybody else to end', () => {
    expect(endingOf({})).toBeUndefined();
  });
});
