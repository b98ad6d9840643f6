import { describe, expect, it } from 'vitest';
import { codeOf, failureOf, textOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { ids } from '../../support/ids.ts';
import { stateOf, turns } from '../../support/turns.ts';
import { forever, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const STARTED = ['session_created', 'initializing→active'];
const ENDED = ['active→terminating', 'terminating→terminated', 'gone (normal)'];

/** A manager whose store is held: what is asked of it is gathered until the gate opens. */
async function whileHeld(options: Parameters<typeof stage>[0] = {}) {
  const store = storeUnderTest();
  const on = stage({ store, ...options });
  const other = await on.manager.createSession({ id: 'other' });
  const session = await on.manager.createSession({ id: 's' });
  on.news();
  const held = store.hold();
  const busy = other.send('user', 'keeps the journal busy');
  return { on, store, session, held, busy };
}

describe('a create', () => {
  it('takes effect before what is asked after it, on a store that answers at once', async () => {
    for (const method of ['createSession', 'getOrCreateSession'] as const) {
      const on = stage();
      await on.manager.createSession({ id: 'other' });
      const before = on.heard.events.length;
      const create = { createSession: { id: 's' }, getOrCreateSession: 's' }[method];
      const created = on.manager[method](create as never);
      const sent = on.manager.sendMessage('other', 'user', 'after');
      await Promise.all([created, sent]);
      const { sessionId, type } = on.heard.events[before] ?? {};
      expect([sessionId, type]).toEqual(['s', 'session_created']);
    }
  });

  it('keeps the calls on its session waiting while the store takes its time', async () => {
    const { on, held, busy } = await whileHeld();
    const created = on.manager.createSession({ id: 'new' });
    const sent = on.manager.sendMessage('new', 'user', 'early');
    expect(await stateOf(sent)).toBe('pending');
    held.open();
    await Promise.all([busy, created]);
    expect((await sent).content).toBe('early');
    expect(on.manager.stats().pending).toBe(0);
  });

  it('counts those that are created in the same append against the limit', async () => {
    const { on, held } = await whileHeld({ limits: { maxSessions: 4 } });
    const codes = ['a', 'b', 'c'].map((id) => codeOf(on.manager.createSession({ id })));
    held.open();
    expect(await Promise.all(codes)).toEqual(['resolved instead', 'resolved instead', 'LIMIT_EXCEEDED']);
    expect(on.manager.stats().sessions.active).toBe(4);
  });
});

describe('taking a session or creating it', () => {
  it('comes after an end that was asked for before: then it creates', async () => {
    const { on, session, held } = await whileHeld();
    const ended = session.terminate();
    const taken = on.manager.getOrCreateSession('s');
    held.open();
    await ended;
    expect((await taken).created).toBe(true);
    expect(on.news()).toEqual([...ENDED, ...STARTED]);
  });

  it('waits for what was asked of the session before, and not for what is asked after', async () => {
    const { on, store, session, held, busy } = await whileHeld();
    held.open();
    await busy;
    const first = store.hold();
    const before = session.send('user', 'before');
    const taken = on.manager.getOrCreateSession('s');
    const after = session.send('user', 'after');
    expect(await stateOf(taken)).toBe('pending');
    const second = store.hold();
    first.open();
    await before;
    expect(await stateOf(taken)).toBe('fulfilled');
    expect(await stateOf(after)).toBe('pending');
    second.open();
    await after;
    expect((await taken).created).toBe(false);
  });
});

describe('a create that is under way when the manager closes', () => {
  it('is refused, whatever it has waited for meanwhile', async () => {
    // The end of `other` keeps the manager from closing at once.
    const clean = gate();
    const on = stage({ hooks: { cleanup: ({ id }) => (id === 'other' ? clean.promise : undefined) } });
    await on.manager.createSession({ id: 'other' });
    const session = await on.manager.createSession({ id: 's' });
    const ended = session.terminate();
    const taken = codeOf(on.manager.getOrCreateSession('s'));
    const closed = on.manager.close({ terminate: true });
    await ended;
    expect(await taken).toBe('MANAGER_CLOSED');
    clean.open();
    await closed;
    expect(on.news().slice(-1)).toEqual(['gone (normal)']);
  });

  it('is refused also when the session that it waits for becomes active by then', async () => {
    const hold = gate();
    const on = stage({ hooks: { initialize: () => hold.promise } });
    on.manager.createSession({ id: 's' }).catch(() => {});
    await turns();
    const taken = codeOf(on.manager.getOrCreateSession('s'));
    await turns();
    hold.open();
    const closed = on.manager.close();
    expect(await taken).toBe('MANAGER_CLOSED');
    await closed;
  });
});

describe('what a refused create says', () => {
  it('names what was wrong: the session, the option, the limit', async () => {
    const on = stage({ limits: { maxSessions: 1, maxMetadataBytes: 20 }, hooks: { initialize: forever } });
    on.manager.createSession({ id: 'taken' }).catch(() => {});
    await turns();
    const duplicate = await failureOf(on.manager.createSession({ id: 'taken' }));
    expect(duplicate.sessionId).toBe('taken');
    expect(duplicate.message).toContain('"taken"');
    const full = await failureOf(on.manager.createSession());
    expect(full.message).toContain('limits.maxSessions');
    const large = await failureOf(on.manager.createSession({ metadata: { note: 'longer than that' } }));
    expect(textOf(large)).toContain('limits.maxMetadataBytes');
    const generateId = () => {
      throw new Error('no ids left');
    };
    const unnamed = await failureOf(stage({ generateId }).manager.createSession());
    expect(unnamed.message).toContain('generateId');
    const fresh = stage({ generateId: ids('made') });
    expect(await codeOf(fresh.manager.createSession())).toBe('resolved instead');
  });
});
