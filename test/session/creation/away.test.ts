import { describe, expect, it } from 'vitest';
import { codeOf, failureOf } from '../../support/errors.ts';
import { ids } from '../../support/ids.ts';
import { turns } from '../../support/turns.ts';
import { type StageOptions, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

/** A manager whose store holds `away`, which nobody has touched yet; and which heads it was asked for since. */
async function besideAway(options: StageOptions = {}) {
  const asked: string[] = [];
  const store = storeUnderTest({
    parts: (lease) => ({
      head(id) {
        asked.push(id);
        return lease.head(id);
      },
    }),
  });
  const first = stage({ store });
  await (await first.manager.createSession({ id: 'away' })).send('user', 'of before');
  await first.manager.close();
  const on = stage({ store, ...options });
  await on.manager.ready;
  expect(on.manager.stats().asleep).toBe(1);
  asked.length = 0;
  return { ...on, store, asked };
}

describe('an id that somebody has given', () => {
  it('is taken by a session that is in the store only, and that is left where it is', async () => {
    const { manager, heard } = await besideAway();
    const error = await failureOf(manager.createSession({ id: 'away' }));
    expect(error).toMatchObject({ code: 'DUPLICATE_SESSION', sessionId: 'away' });
    expect(heard.events).toEqual([]);
    expect(manager.stats()).toMatchObject({ asleep: 1, pending: 0 });
  });

  it('is free beside those that are in the store only', async () => {
    const { manager, news } = await besideAway();
    await manager.createSession({ id: 's' });
    expect(news()).toEqual(['session_created', 'initializing→active']);
    expect(manager.stats()).toMatchObject({ asleep: 1, sessions: { active: 2 } });
  });

  it('goes to one of two who ask for it at once', async () => {
    const { manager, news } = await besideAway();
    const codes = [manager.createSession({ id: 's' }), manager.createSession({ id: 's' })].map(codeOf);
    expect(await Promise.all(codes)).toEqual(['resolved instead', 'DUPLICATE_SESSION']);
    expect(news()).toEqual(['session_created', 'initializing→active']);
  });

  it('keeps the calls on its session waiting that come while the store is asked for it', async () => {
    const { manager } = await besideAway();
    const created = manager.createSession({ id: 's' });
    const sent = manager.sendMessage('s', 'user', 'early');
    expect([await codeOf(created), (await sent).content]).toEqual(['resolved instead', 'early']);
    expect(manager.stats().pending).toBe(0);
  });
});

describe('an id that was generated', () => {
  it('is that of no session before: the store is not asked for it', async () => {
    const { manager, asked } = await besideAway();
    await manager.createSession();
    expect(asked).toEqual([]);
  });

  it('by a function of the user may be taken, and the store is asked', async () => {
    const { manager, asked } = await besideAway({ generateId: () => 'away' });
    expect(await codeOf(manager.createSession())).toBe('DUPLICATE_SESSION');
    expect(asked).toEqual(['away']);
    const other = await besideAway({ generateId: ids('made') });
    await other.manager.createSession();
    expect(other.asked).toEqual(['made1']);
  });
});

describe('taking a session or creating it', () => {
  it('takes the one that is in the store only', async () => {
    const { manager } = await besideAway();
    const { session, created } = await manager.getOrCreateSession('away');
    expect(created).toBe(false);
    expect((await session.context.history()).map(({ content }) => content)).toEqual(['of before']);
    expect(manager.stats().asleep).toBe(0);
  });

  it('twice at once, beside one that is in the store only: one creates, the other takes', async () => {
    const { manager, news } = await besideAway();
    const both = await Promise.all([manager.getOrCreateSession('s'), manager.getOrCreateSession('s')]);
    expect(both.map(({ created }) => created)).toEqual([true, false]);
    expect(news()).toEqual(['session_created', 'initializing→active']);
  });
});

describe('room for a session', () => {
  it('is taken up by those that are in the store only', async () => {
    const { manager } = await besideAway({ limits: { maxSessions: 2 } });
    await manager.createSession({ id: 's' });
    expect(await codeOf(manager.createSession({ id: 't' }))).toBe('LIMIT_EXCEEDED');
    expect(await codeOf(manager.createSession())).toBe('LIMIT_EXCEEDED');
    await turns();
    expect(manager.stats()).toMatchObject({ pending: 0, sessions: { active: 2 } });
  });
});
