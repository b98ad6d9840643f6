import { describe, expect, it } from 'vitest';
import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { momentAt } from '../../src/inspect/moment.ts';
import { type Recorder, recordSessions } from '../../src/inspect/recorder.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { parseTrace, type Trace } from '../../src/testing/trace.ts';
import { finishingAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeThrown } from '../support/errors.ts';

const START = Date.UTC(2026, 0, 1);

async function managed(options: SessionManagerOptions<never> = {}) {
  const clock = testClock(START);
  const manager = createSessionManager({ clock, ...options });
  await manager.ready;
  return { manager, clock, engine: engineOf(manager) };
}

/** As it would be found in a file. */
const read = (recorder: Recorder): Trace => parseTrace(JSON.stringify(recorder.trace()));
const words = ({ entries }: Trace) =>
  entries.map((entry) => {
    if (entry.kind === 'fact') return `${entry.fact.sessionId}:${entry.fact.sessionSeq} ${entry.fact.type}`;
    return 'actor' in entry ? `${entry.kind} ${entry.actor}` : entry.kind;
  });
const facts = (trace: Trace) => words(trace).filter((word) => word.includes(':'));
const messagesAt = (trace: Trace, n: number, id = 'a') =>
  momentAt({ ...trace, bases: trace.bases ?? {} }, n).sessions.get(id)?.state.conversation?.count ?? 0;

describe('a recording', () => {
  it('is a trace of what happens from its beginning on, with what was there before', async () => {
    const { manager, clock } = await managed({ agent: finishingAgent } as never);
    await manager.createSession({ id: 'a' });
    await manager.sendMessage('a', 'user', 'before');
    const recorder = recordSessions(manager, { name: 'a tale' });
    await clock.advance(500);
    await manager.sendMessage('a', 'user', 'after');
    await manager.createSession({ id: 'b' });
    const trace = read(recorder);
    expect(trace).toMatchObject({
      kind: 'recording',
      subject: 'a tale',
      steps: [{ words: 'recorded', atMs: START }],
      run: null,
      bases: { a: { sessionSeq: 3 } },
    });
    expect(words(trace)).toEqual([
      'snapshot (manager)',
      'snapshot a',
      'snapshot a/agent',
      'a:4 conversation_added',
      'snapshot b',
      'b:1 session_created',
      'sent b',
      'snapshot b/agent',
      'snapshot b',
      'b:2 session_status',
    ]);
    expect(Object.keys(trace.bases ?? {})).toEqual(['a']);
    expect(Object.keys(trace.definitions)).toEqual(['manager', 'session', 'finishing']);
    expect(trace.entries[3]).toMatchObject({ step: 0, atMs: START + 500 });
    expect([messagesAt(trace, 3), messagesAt(trace, 4)]).toEqual([1, 2]);
    await manager.close();
  });

  it('goes on while it is read, and stays as it was once it is stopped', async () => {
    const { manager, engine } = await managed();
    const recorder = recordSessions(manager);
    await manager.createSession({ id: 'a' });
    const before = facts(read(recorder));
    await manager.sendMessage('a', 'user', 'hello');
    recorder.stop();
    recorder.stop();
    expect(engine.taps.size).toBe(0);
    await manager.sendMessage('a', 'user', 'unheard');
    expect(facts(read(recorder))).toEqual([...before, 'a:3 conversation_added']);
    await manager.close();
    expect(facts(read(recorder))).toHaveLength(3);
  });

  it('ends with its block', async () => {
    const { manager, engine } = await managed();
    {
      using recorder = recordSessions(manager);
      expect([engine.taps.size, recorder.trace().entries.length]).toEqual([1, 1]);
    }
    expect(engine.taps.size).toBe(0);
    await manager.close();
  });

  it('can be of some sessions only', async () => {
    const { manager } = await managed();
    for (const id of ['a', 'b']) await manager.createSession({ id });
    const recorder = recordSessions(manager, { sessions: ['b', 'c'] });
    for (const id of ['a', 'b']) await manager.sendMessage(id, 'user', 'hello');
    for (const id of ['c', 'd']) await manager.createSession({ id });
    const trace = read(recorder);
    expect(Object.keys(trace.bases ?? {})).toEqual(['b']);
    expect(new Set(words(trace).map((word) => word.replace(/^\w+ |:.*/g, '')))).toEqual(new Set(['b', 'c']));
    await manager.close();
  });

  it('can be without charts', async () => {
    const { manager } = await managed();
    await manager.createSession({ id: 'a' });
    const recorder = recordSessions(manager, { charts: false });
    await manager.killSession('a');
    expect(read(recorder).entries.map(({ kind }) => kind)).toEqual(['fact', 'fact', 'fact']);
    await manager.close();
  });

  it('holds no more than its limit, and says all the same what there is', async () => {
    const { manager } = await managed();
    await manager.createSession({ id: 'a' });
    const recorder = recordSessions(manager, { limit: 4, charts: false });
    for (let n = 0; n < 20; n += 1) await manager.sendMessage('a', 'user', String(n));
    const trace = read(recorder);
    expect(facts(trace)).toHaveLength(4);
    expect(messagesAt(trace, 0)).toBe(16);
    expect(messagesAt(trace, 4)).toBe(20);
    await manager.close();
  });

  it('hides what is to be hidden', async () => {
    const { manager } = await managed();
    await manager.createSession({ id: 'a', metadata: { apiKey: 'secret' } });
    const recorder = recordSessions(manager, { redact: ['apiKey', 'messages'] });
    await manager.sendMessage('a', 'user', 'secret');
    await manager.createSession({ id: 'b', metadata: { apiKey: 'secret' } });
    expect(JSON.stringify(recorder.trace())).not.toContain('secret');
    await manager.close();
  });
});

describe('a session that slept when its recording began', () => {
  it.each([[true], [false]])(
    'has as its base what it held before its first fact, charts %s',
    async (charts) => {
      const { manager, clock, engine } = await managed({
        sessionDefaults: { idleAfterMs: 1_000, sleepAfterMs: 2_000 },
      });
      await manager.createSession({ id: 'a' });
      await manager.sendMessage('a', 'user', 'before');
      await clock.advance(3_000);
      expect(engine.dormant.size).toBe(1);
      const recorder = recordSessions(manager, { charts });
      await manager.sendMessage('a', 'user', 'after');
      const trace = read(recorder);
      expect(facts(trace)).toEqual(['a:5 session_status', 'a:6 conversation_added']);
      expect(trace.bases).toMatchObject({ a: { sessionSeq: 4, data: { status: 'idle' } } });
      expect(messagesAt(trace, 0)).toBe(1);
      expect(messagesAt(trace, trace.entries.length)).toBe(2);
      await manager.close();
    },
  );

  it('is met as it comes back in a recovery, too', async () => {
    const store = memoryStore();
    const first = await managed({ store });
    await first.manager.createSession({ id: 'a', config: { idleAfterMs: 1_000 } });
    await first.manager.sendMessage('a', 'user', 'before');
    await first.manager.close();
    const second = createSessionManager({ store, clock: testClock(START + 5_000) });
    const recorder = recordSessions(second, { charts: false });
    await second.ready;
    await second.sendMessage('a', 'user', 'after');
    const trace = read(recorder);
    expect(messagesAt(trace, 0)).toBe(1);
    expect(messagesAt(trace, trace.entries.length)).toBe(2);
    await second.close();
  });
});

describe('a recording that begins while facts are being told', () => {
  it('has none of them twice', async () => {
    const { manager, clock } = await managed({ sessionDefaults: { idleAfterMs: 1_000 } });
    const recorders: Recorder[] = [];
    manager.subscribeToAllSessions(() => void recorders.push(recordSessions(manager, { charts: false })));
    await manager.createSession({ id: 'a' });
    await clock.advance(1_000);
    // It becomes active and takes the message in one decision.
    await manager.sendMessage('a', 'user', 'hello');
    for (const recorder of recorders) {
      const trace = read(recorder);
      expect(messagesAt(trace, trace.entries.length)).toBe(1);
      recorder.stop();
    }
    expect(recorders).toHaveLength(5);
    await manager.close();
  });
});

describe('what cannot be recorded', () => {
  it('is refused by name', async () => {
    const { manager } = await managed();
    const refused = [
      { sessions: 'a' },
      { sessions: ['../a'] },
      { charts: 'yes' },
      { limit: 0 },
      { limit: 1.5 },
      { redact: [''] },
      { name: 7 },
      { chart: true },
    ];
    const codes = refused.map((options) => codeThrown(() => recordSessions(manager, options as never)));
    expect(codes).toEqual(
      refused.map(({ sessions }) => (Array.isArray(sessions) ? 'INVALID_SESSION_ID' : 'INVALID_ARGUMENT')),
    );
    expect(codeThrown(() => recordSessions({} as never))).toBe('INVALID_ARGUMENT');
    expect(engineOf(manager).taps.size).toBe(0);
    await manager.close();
  });
});
