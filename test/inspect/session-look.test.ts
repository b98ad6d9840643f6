import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { Charts } from '../../src/inspect/charts.ts';
import { Definitions } from '../../src/inspect/definitions.ts';
import { Redaction } from '../../src/inspect/redaction.ts';
import { SessionLook } from '../../src/inspect/session-look.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { testClock } from '../support/clock.ts';
import { deferredStore } from '../support/deferred-store.ts';

const START = Date.UTC(2026, 0, 1);
const agent = setup({}).createMachine({
  id: 'helper',
  initial: 'waiting',
  states: { waiting: { after: { 9000: 'over' } }, over: {} },
});

async function looked(options: SessionManagerOptions<never> = {}) {
  const clock = testClock(START);
  const manager = createSessionManager({ clock, agent, ...options } as SessionManagerOptions<never>);
  await manager.ready;
  const engine = engineOf(manager);
  const definitions = Definitions.of(agent);
  const redaction = new Redaction(['metadata.apiKey']);
  const looks: SessionLook[] = [];
  const charts = new Charts(
    { engine, root: manager.actor, definitions, redaction },
    { wants: () => true, heard: (_, entry, bytes) => looks.forEach((look) => void look.chart(entry, bytes)) },
  );
  charts.attach();
  engine.taps.add((fact) => looks.forEach((look) => void (fact.sessionId === 'a' && look.fact(fact))));
  const look = () => {
    const made = new SessionLook('a', { engine, charts, definitions, redaction, ready: manager.ready });
    looks.push(made);
    return made;
  };
  return { manager, engine, clock, look };
}

const entriesOf = (look: SessionLook) => look.reel.recording(look.definitions()).entries;
const facts = (entries: readonly TraceEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'fact' ? [`${entry.fact.sessionSeq} ${entry.fact.type}`] : []));

describe('a session that is looked at', () => {
  it('is there from its creation on, with its charts where they are, and then as it goes on', async () => {
    const { manager, clock, look } = await looked();
    await manager.createSession({ id: 'a', metadata: { apiKey: 'secret' } });
    await clock.advance(500);
    const shown = look();
    expect(await shown.open()).toBe(true);
    await manager.sendMessage('a', 'user', 'hello');
    const entries = entriesOf(shown);
    expect(facts(entries)).toEqual(['1 session_created', '2 session_status', '3 conversation_added']);
    expect(
      entries.flatMap((entry) => (entry.kind === 'snapshot' ? [[entry.actor, entry.value]] : [])),
    ).toEqual([
      ['a', { running: 'active' }],
      ['a/agent', 'waiting'],
    ]);
    expect(entries.map(({ atMs }) => atMs - START)).toEqual([0, 0, 500, 500, 500]);
    expect(JSON.stringify(entries)).not.toContain('secret');
    await manager.close();
  });

  it('has as its base what it held, when its facts are not all retained any more', async () => {
    const { manager, look } = await looked({ store: memoryStore({ retainEvents: 2 }) });
    await manager.createSession({ id: 'a', metadata: { apiKey: 'secret' } });
    for (const text of ['one', 'two']) await manager.sendMessage('a', 'user', text);
    const shown = look();
    await shown.open();
    await manager.sendMessage('a', 'user', 'three');
    const recording = shown.reel.recording({});
    expect(recording.bases).toMatchObject({ a: { sessionSeq: 4, data: { messageNumber: 2 } } });
    expect(JSON.stringify(recording.bases)).not.toContain('secret');
    expect(facts(recording.entries)).toEqual(['5 conversation_added']);
    expect(shown.reel.cut).toBe(true);
    await manager.close();
  });

  it('misses nothing, and has nothing twice, while its past is being read', async () => {
    const { manager, look } = await looked({ store: deferredStore() });
    await manager.createSession({ id: 'a' });
    const shown = look();
    const sending = manager.sendMessage('a', 'user', 'one');
    const opening = shown.open();
    await Promise.all([sending, manager.sendMessage('a', 'user', 'two'), opening]);
    expect(facts(entriesOf(shown))).toEqual([
      '1 session_created',
      '2 session_status',
      '3 conversation_added',
      '4 conversation_added',
      '5 agent_saved',
    ]);
    await manager.close();
  });

  it('begins in the midst of the facts of one decision without one of them twice', async () => {
    const { manager, clock, look } = await looked({ sessionDefaults: { idleAfterMs: 1_000 } });
    const looks: Array<[SessionLook, Promise<boolean>]> = [];
    manager.subscribeToAllSessions(() => {
      const shown = look();
      looks.push([shown, shown.open()]);
    });
    await manager.createSession({ id: 'a' });
    await clock.advance(1_000);
    // It becomes active and takes the message in one decision.
    await manager.sendMessage('a', 'user', 'hello');
    await manager.terminateSession('a');
    for (const [shown, opening] of looks) {
      expect(await opening).toBe(true);
      const told = facts(entriesOf(shown));
      expect(new Set(told).size).toBe(told.length);
      expect(told.at(-1)).toMatch(/session_terminated/);
    }
    expect(looks).toHaveLength(8);
    await manager.close();
  });

  it('goes on with the next of its id', async () => {
    const { manager, look } = await looked();
    await manager.createSession({ id: 'a' });
    const shown = look();
    await shown.open();
    await manager.killSession('a');
    expect(shown.detail()).toMatchObject({ asleep: false, actors: [] });
    await manager.createSession({ id: 'a' });
    expect(facts(entriesOf(shown)).slice(-2)).toEqual(['1 session_created', '2 session_status']);
    expect(shown.detail().actors).toHaveLength(2);
    await manager.close();
  });

  it('is not there when it never was', async () => {
    const { manager, look } = await looked();
    expect(await look().open()).toBe(false);
    await manager.close();
  });
});

describe('what is so of a session now', () => {
  it('is its actors, its deadlines, its cache and its work', async () => {
    const { manager, look } = await looked({ sessionDefaults: { idleAfterMs: 60_000 } });
    const session = await manager.createSession({ id: 'a' });
    await session.cache.cacheFile('x.ts', 'text');
    const shown = look();
    await shown.open();
    expect(shown.detail()).toMatchObject({
      actors: [
        { actor: 'a', definition: 'session', kind: 'machine', status: 'active' },
        { actor: 'a/agent', definition: 'helper', parent: 'a' },
      ],
      deadlines: [
        { name: 'inactivity', dueAt: START + 60_000 },
        { name: expect.stringContaining('after.9000'), dueAt: START + 9_000, actor: 'a/agent' },
      ],
      cache: { files: 1, bytes: 4, entries: [{ path: 'x.ts', bytes: 4 }] },
      tasks: 0,
      asleep: false,
    });
    await manager.close();
  });

  it('is that it sleeps, and looking does not wake it', async () => {
    const { manager, clock, engine, look } = await looked({
      sessionDefaults: { idleAfterMs: 1_000, sleepAfterMs: 2_000 },
      agent: undefined,
    } as never);
    await manager.createSession({ id: 'a' });
    await clock.advance(3_000);
    const shown = look();
    expect(await shown.open()).toBe(true);
    expect(shown.detail()).toEqual({ actors: [], deadlines: [], tasks: 0, asleep: true });
    expect(engine.registry.size).toBe(0);
    await manager.sendMessage('a', 'user', 'hello');
    expect(facts(entriesOf(shown)).slice(-2)).toEqual(['4 session_status', '5 conversation_added']);
    expect(shown.detail().asleep).toBe(false);
    await manager.close();
  });
});
