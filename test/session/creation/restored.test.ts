import { describe, expect, it } from 'vitest';
import type { SavedDocument } from '../../../src/store/port.ts';
import { codeOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { turns } from '../../support/turns.ts';
import { type StageOptions, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const message = (n: number, seq: number) => ({
  id: `s:${n}`,
  sessionId: 's',
  role: 'user',
  content: `message ${n}`,
  at: '2026-01-01T00:00:00.000Z',
  seq,
});

/** What a session `s` was saved as, somewhere else: `conversation` and `keyed` say how far its messages were. */
function savedElsewhere(conversation: number[], keyed: number[] = []): SavedDocument {
  const data = {
    metadata: { owner: 'me' },
    llmConfig: { model: 'm' },
    config: {},
    conversation: conversation.map((seq, n) => [message(n + 1, seq), 1]),
    messageNumber: conversation.length + keyed.length,
    files: [['a.ts', '2026-01-01T00:00:00.000Z']],
    fileIndex: [],
    workingContext: [['k', 1]],
    keyed: keyed.map((seq, n) => [`key ${n}`, message(n + 10, seq)]),
  };
  const head = {
    id: 's',
    savedAt: '2026-01-01T00:00:00.000Z',
    messageCount: conversation.length,
    version: 1,
  };
  return { ...head, metadata: data.metadata, data: data as never };
}

function withSaved(document: SavedDocument, options: StageOptions = {}) {
  const answer = gate<void>();
  const saved = {
    put() {},
    get: (): SavedDocument | Promise<SavedDocument> => document,
    list: () => [],
    ids: () => [],
    delete: () => false,
  };
  const store = storeUnderTest({ parts: { saved } });
  const on = stage({ store, ...options });
  /** From now on what is saved is given when the gate opens. */
  const hold = () => {
    saved.get = () => answer.promise.then(() => document);
    return answer;
  };
  return { ...on, hold };
}

describe('a session that is created from what was saved', () => {
  it('holds all of it', async () => {
    const { manager } = withSaved(savedElsewhere([3, 5]));
    const back = await manager.restoreSession('s');
    expect(await back.info()).toMatchObject({
      metadata: { owner: 'me' },
      llmConfig: { model: 'm' },
      messageCount: 2,
    });
    const history = await back.context.history();
    expect(history.map(({ content }) => content)).toEqual(['message 1', 'message 2']);
    expect(await back.context.get('k')).toBe(1);
  });

  it.each([
    ['in its conversation', savedElsewhere([40, 5000, 60])],
    ['under a key, and no longer in its conversation', savedElsewhere([40], [50, 5000, 60])],
  ])('comes after every message that it has %s', async (_, document) => {
    const { manager, heard } = withSaved(document);
    const back = await manager.restoreSession('s');
    expect(heard.events[0]?.seq).toBe(5001);
    expect((await back.send('user', 'from here')).seq).toBe(5003);
  });

  it('comes after what the store has, where its messages are older than that', async () => {
    const { manager, heard } = withSaved(savedElsewhere([1]));
    await manager.createSession({ id: 'other' });
    await manager.restoreSession('s');
    expect(heard.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('is refused where one of its id has come, and gone to sleep, while it was read', async () => {
    const { manager, clock, hold } = withSaved(savedElsewhere([1]));
    await manager.ready;
    const answer = hold();
    const restored = codeOf(manager.restoreSession('s'));
    await turns();
    await manager.createSession({ id: 's', config: { idleAfterMs: 100, sleepAfterMs: 100 } });
    await clock.advance(100);
    expect(manager.stats().asleep).toBe(1);
    answer.open();
    expect(await restored).toBe('DUPLICATE_SESSION');
    expect(await manager.session('s').context.history()).toEqual([]);
  });

  it('is refused once the manager closes, although that has sessions to end first', async () => {
    const clean = gate();
    const { manager, hold, news } = withSaved(savedElsewhere([1]), {
      hooks: { cleanup: () => clean.promise },
    });
    await manager.createSession({ id: 'other' });
    const answer = hold();
    const restored = codeOf(manager.restoreSession('s'));
    await turns();
    const closed = manager.close({ terminate: true });
    answer.open();
    expect(await restored).toBe('MANAGER_CLOSED');
    expect(news()).toEqual([]);
    clean.open();
    await closed;
    expect(manager.stats().pending).toBe(0);
  });
});
