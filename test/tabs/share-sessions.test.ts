import { createSessionManager, memoryStore, SessionError } from 'chartroom';
import { shareSessions } from 'chartroom/tabs';
import { describe, expect, it, vi } from 'vitest';
import { shareOver } from '../../src/tabs/share-sessions.ts';
import { codeThrown } from '../support/errors.ts';
import { keptLog } from '../support/log.ts';
import { turns } from '../support/turns.ts';

const create = () => createSessionManager();

describe('sharing sessions', () => {
  it.each([
    ['no name', () => shareSessions(undefined as never, create)],
    ['an empty name', () => shareSessions('', create)],
    ['no function', () => shareSessions('rooms', undefined as never)],
    ['options that are null', () => shareSessions('rooms', create, null as never)],
    ['an unknown option', () => shareSessions('rooms', create, { store: 1 } as never)],
    ['a time that is none', () => shareSessions('rooms', create, { takeoverMs: -1 })],
    ['a logger that is none', () => shareSessions('rooms', create, { logger: 'x' as never })],
  ])('throws INVALID_ARGUMENT at once for %s', (_title, share) => {
    expect(codeThrown(share)).toBe('INVALID_ARGUMENT');
  });

  it('where tabs cannot find each other goes on in this one alone, and says so', async () => {
    vi.stubGlobal('navigator', {});
    const { logger, lines } = keptLog();
    await using rooms = shareSessions('rooms', create, { logger });
    vi.unstubAllGlobals();
    expect(rooms.state).toMatchObject({ is: 'alone', reason: { code: 'CONNECTION_LOST' } });
    const session = await rooms.createSession({ id: 'a' });
    expect((await session.send('user', 'hello')).id).toBe('a:1');
    expect(await rooms.manager?.listSessions()).toHaveLength(1);
    await turns();
    expect(lines).toEqual([['warn', expect.stringMatching(/alone.*no Web Locks/)]]);
  });

  it('alone makes itself another manager when that is closed by hand', async () => {
    const store = memoryStore();
    const alone = () => {
      throw new SessionError('CONNECTION_LOST', 'no tabs here');
    };
    await using rooms = shareOver(alone, 'rooms', () => createSessionManager({ store }), { logger: {} });
    await rooms.createSession({ id: 'a' });
    await rooms.manager?.close();
    expect(await rooms.listSessions()).toHaveLength(1);
    expect(rooms.state.is).toBe('alone');
    await rooms.close();
    expect(await createSessionManager({ store }).listSessions()).toHaveLength(1);
  });
});
