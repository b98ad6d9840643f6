import { describe, expect, it, vi } from 'vitest';
import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager } from '../../src/index.ts';
import { Inspection } from '../../src/inspect/inspection.ts';
import { checkTrace } from '../../src/testing/trace.ts';
import { codeThrown } from '../support/errors.ts';
import { fakeViewer } from '../support/fake-viewer.ts';
import { inspectionOf } from '../support/inspection.ts';
import { stateOf, turns } from '../support/turns.ts';

describe('a viewer that connects', () => {
  it('is told who it speaks to, how things stand, and the list', async () => {
    const { manager, connect } = inspectionOf(
      {},
      { allow: ['kill', 'send'], redact: ['apiKey'], version: '1.2.3' },
    );
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    expect(viewer.messages.map(({ type }) => type)).toEqual(['hello', 'pulse', 'fleet']);
    expect(viewer.messages[0]).toMatchObject({
      version: '1.2.3',
      allow: ['send', 'kill'],
      redacted: ['apiKey'],
      definitions: { manager: { id: 'manager' }, session: { id: 'session' } },
      now: Date.UTC(2026, 0, 1),
      recording: false,
    });
    expect([...viewer.rows().keys()]).toEqual(['a']);
    await manager.close();
  });

  it('is told of changes ten times a second at most, all of a turn at once', async () => {
    const { manager, connect, tick } = inspectionOf();
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    await tick();
    const before = viewer.of('fleet').length;
    for (let n = 0; n < 50; n += 1) await manager.sendMessage('a', 'user', 'hello');
    expect(viewer.of('fleet')).toHaveLength(before);
    await tick();
    expect(viewer.of('fleet')).toHaveLength(before + 1);
    expect(viewer.rows().get('a')).toMatchObject({ messages: 50 });
    await tick(5);
    expect(viewer.of('fleet')).toHaveLength(before + 1);
    await manager.close();
  });

  it('is told each second how things stand, and which facts there were', async () => {
    const { manager, connect, tick } = inspectionOf();
    const viewer = await connect();
    await manager.createSession({ id: 'a' });
    await manager.sendMessage('a', 'user', 'hello');
    await tick(9);
    expect(viewer.of('pulse')).toHaveLength(1);
    await tick();
    expect(viewer.last('pulse')).toMatchObject({
      stats: { sessions: { active: 1 } },
      facts: { session_created: 1, session_status: 1, conversation_added: 1 },
    });
    await tick(10);
    expect(viewer.last('pulse').facts).toEqual({});
    await manager.close();
  });

  it('is told what is so of what it looks at, four times a second at most', async () => {
    const { manager, connect, tick } = inspectionOf();
    const session = await manager.createSession({ id: 'a' });
    const viewer = await connect();
    viewer.receive({ type: 'look', subject: 'session/a' });
    await turns();
    for (let n = 0; n < 20; n += 1) {
      await session.cache.cacheFile(`f${n}`, 'text');
      await tick();
    }
    expect(viewer.of('detail').length).toBeGreaterThan(3);
    expect(viewer.of('detail').length).toBeLessThanOrEqual(7);
    await tick(3);
    expect(viewer.detail('session/a').cache).toMatchObject({ files: 20 });
    await manager.close();
  });
});

describe('an inspection without viewers', () => {
  it('has nothing to do with the engine, before and after', async () => {
    const { manager, engine, ticks, connect, inspection } = inspectionOf();
    await manager.createSession({ id: 'a' });
    expect([engine.taps.size, ticks.pending]).toEqual([0, 0]);
    const [one, other] = [await connect(), await connect()];
    one.receive({ type: 'look', subject: 'session/a' });
    await turns();
    expect([engine.taps.size, ticks.pending, inspection.viewers]).toEqual([1, 1, 2]);
    one.close();
    one.close();
    expect(engine.taps.size).toBe(1);
    other.close();
    expect([engine.taps.size, ticks.pending, inspection.viewers]).toEqual([0, 0, 0]);
    const again = await connect();
    expect([...again.rows().keys()]).toEqual(['a']);
    await manager.close();
    expect([engine.taps.size, ticks.pending]).toEqual([0, 0]);
  });

  it('keeps no process alive while it has some', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const manager = createSessionManager();
    const inspection = new Inspection(manager);
    const connection = inspection.connect(fakeViewer().channel);
    const made = timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef());
    timers.mockRestore();
    expect(made).toEqual([false]);
    connection.close();
    await manager.close();
  });
});

describe('what a viewer sends', () => {
  it('is refused when it is wrong, and everything goes on', async () => {
    const { manager, connect, lines } = inspectionOf({}, { allow: ['send'] });
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    const wrong = [
      null,
      undefined,
      [],
      7,
      '{',
      '"look"',
      { type: '__proto__' },
      { type: 'look', subject: {} },
    ];
    for (const message of wrong) viewer.receive(message);
    expect(viewer.of('refused')).toHaveLength(wrong.length);
    viewer.receive({ type: 'act', request: 3, action: { do: 'send', sessionId: 'a' } });
    expect(viewer.last('answer')).toMatchObject({
      request: 3,
      ok: false,
      error: { code: 'INVALID_ARGUMENT' },
    });
    viewer.receive('{"type":"look","subject":"session/a"}');
    await turns();
    expect(viewer.of('looking')).toHaveLength(1);
    expect(lines).toEqual([]);
    await manager.close();
  });

  it('is done when it is allowed, and answered under its number', async () => {
    const { manager, connect } = inspectionOf({}, { allow: ['send'] });
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    viewer.receive({
      type: 'act',
      request: 7,
      action: { do: 'send', sessionId: 'a', role: 'user', content: 'hello' },
    });
    viewer.receive({ type: 'act', request: 8, action: { do: 'kill', sessionId: 'a' } });
    await turns();
    expect(viewer.of('answer').sort((one, other) => one.request - other.request)).toMatchObject([
      { request: 7, ok: true, value: { content: 'hello' } },
      { request: 8, ok: false, error: { code: 'FORBIDDEN' } },
    ]);
    expect(await manager.listSessions()).toMatchObject([{ id: 'a', messageCount: 1 }]);
    await manager.close();
  });

  it('waits for its answer in a bounded number', async () => {
    const cleanup = () => new Promise<void>(() => {});
    const { manager, connect } = inspectionOf({ hooks: { cleanup } } as never, { allow: ['terminate'] });
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    for (let request = 0; request < 70; request += 1)
      viewer.receive({ type: 'act', request, action: { do: 'terminate', sessionId: 'a' } });
    await turns();
    expect(viewer.of('answer').map(({ error }) => error?.code)).toEqual(Array(6).fill('OVERLOADED'));
    viewer.close();
    await manager.killSession('a');
    await turns();
    expect(viewer.of('answer')).toHaveLength(6);
    await manager.close();
  });

  it('looks at a bounded number of things', async () => {
    const { manager, connect } = inspectionOf();
    for (let n = 0; n < 33; n += 1) await manager.createSession({ id: `s${n}` });
    const viewer = await connect();
    for (let n = 0; n < 33; n += 1) viewer.receive({ type: 'look', subject: `session/s${n}` });
    await turns();
    expect([viewer.of('looking').length, viewer.of('refused').length]).toEqual([32, 1]);
    await manager.close();
  });
});

describe('a recording that a viewer asks for', () => {
  it('is of everything until it is stopped, and every viewer knows of it', async () => {
    const { manager, engine, connect, tick } = inspectionOf({}, { redact: ['apiKey'] });
    const [one, other] = [await connect(), await connect()];
    one.receive({ type: 'record', request: 1, on: true });
    one.receive({ type: 'record', request: 2, on: true });
    await manager.createSession({ id: 'a', metadata: { apiKey: 'secret' } });
    await tick(10);
    expect(other.last('pulse').recording).toBe(true);
    expect((await connect()).last('hello').recording).toBe(true);
    other.receive({ type: 'record', request: 3, on: false });
    const { value, ok } = other.last('answer');
    expect(ok).toBe(true);
    expect(checkTrace(value)).toMatchObject({ kind: 'recording', bases: {} });
    expect(JSON.stringify(value)).toContain('session_created');
    expect(JSON.stringify(value)).not.toContain('secret');
    expect(engine.taps.size).toBe(1);
    other.receive({ type: 'record', request: 4, on: false });
    expect(other.last('answer')).toMatchObject({ request: 4, ok: false });
    await manager.close();
  });

  it('goes on while a page is reloaded, and ends with the inspection', async () => {
    const { manager, engine, connect, inspection } = inspectionOf();
    const viewer = await connect();
    viewer.receive({ type: 'record', request: 1, on: true });
    expect(engine.taps.size).toBe(2);
    viewer.close();
    expect(engine.taps.size).toBe(1);
    await manager.createSession({ id: 'a' });
    const again = await connect();
    expect(again.last('hello')).toMatchObject({ recording: true });
    again.receive({ type: 'record', request: 2, on: false });
    const { ok, value } = again.last('answer');
    const facts = checkTrace(value).entries.flatMap((entry) =>
      entry.kind === 'fact' ? [entry.fact.type] : [],
    );
    expect({ ok, facts }).toEqual({ ok: true, facts: ['session_created', 'session_status'] });
    again.receive({ type: 'record', request: 3, on: true });
    inspection.close();
    expect(engine.taps.size).toBe(0);
    await manager.close();
  });
});

describe('an inspection that is closed', () => {
  it('leaves nothing with a manager that goes on', async () => {
    const manager = createSessionManager();
    const unsubscribe = vi.fn();
    Object.assign(manager, { actor: { ...manager.actor, subscribe: () => ({ unsubscribe }) } });
    const inspection = new Inspection(manager);
    expect(unsubscribe).not.toHaveBeenCalled();
    inspection.close();
    expect(unsubscribe).toHaveBeenCalledOnce();
    await manager.close();
  });
});

describe('a viewer that is of no use', () => {
  it('is let go when it takes nothing for half a minute, and not before', async () => {
    const { manager, connect, tick, ticks, inspection } = inspectionOf();
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    viewer.reads = false;
    await manager.sendMessage('a', 'user', 'hello');
    await tick();
    await ticks.advance(29_800);
    expect([viewer.closed.length, inspection.viewers]).toEqual([0, 1]);
    await tick(3);
    expect(viewer.closed).toEqual([expect.stringContaining('does not read')]);
    expect(inspection.viewers).toBe(0);
    await manager.close();
  });

  it('is let go when its channel throws, and the others are told all the same', async () => {
    const { manager, connect, tick, inspection } = inspectionOf();
    const bad = fakeViewer();
    inspection.connect({
      ...bad.channel,
      send: () => {
        throw new Error('no');
      },
    });
    const good = await connect();
    expect([inspection.viewers, bad.closed.length]).toEqual([1, 1]);
    await manager.createSession({ id: 'a' });
    await tick();
    expect(good.rows().size).toBe(1);
    await manager.close();
  });

  it('may close its own connection while it is told something', async () => {
    const { manager, inspection, tick } = inspectionOf();
    let told = 0;
    const connection = inspection.connect({
      send: () => {
        told += 1;
        if (told > 3) connection.close();
        return true;
      },
      close: () => {},
    });
    await manager.createSession({ id: 'a' });
    await tick(12);
    expect(inspection.viewers).toBe(0);
    await manager.close();
  });
});

describe('the end', () => {
  it('of the manager is told, after all that came before it', async () => {
    const { manager, connect, inspection, lines } = inspectionOf();
    await manager.createSession({ id: 'a' });
    const viewer = await connect();
    viewer.receive({ type: 'look', subject: 'session/a' });
    await turns();
    await manager.close({ terminate: true });
    await turns();
    expect(viewer.messages.at(-1)).toEqual({ type: 'closed', message: 'The manager is closed.' });
    expect(viewer.closed).toEqual(['The manager is closed.']);
    expect(viewer.rows().get('a')).toMatchObject({ status: 'terminated', reason: 'closed' });
    const last = viewer.recording('session/a').entries.at(-1);
    expect(last).toMatchObject({ kind: 'fact', fact: { type: 'session_terminated' } });
    const late = fakeViewer();
    const connection = inspection.connect(late.channel);
    connection.receive({ type: 'look', subject: 'engine' });
    connection.close();
    expect(late.messages).toEqual([{ type: 'closed', message: 'The manager is closed.' }]);
    expect(late.closed).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  it('of the inspection leaves the manager as it is', async () => {
    const { manager, engine, connect, inspection, ticks } = inspectionOf();
    const viewer = await connect();
    inspection.close('Enough.');
    inspection.close('Again.');
    expect(viewer.last('closed').message).toBe('Enough.');
    expect(viewer.closed).toEqual(['Enough.']);
    expect([engine.taps.size, ticks.pending]).toEqual([0, 0]);
    viewer.receive({ type: 'look', subject: 'engine' });
    expect(viewer.of('looking')).toEqual([]);
    const session = await manager.createSession({ id: 'a' });
    expect(await stateOf(session.info())).toBe('fulfilled');
    await manager.close();
  });

  it('of a manager that is closed already is told at once', async () => {
    const manager = createSessionManager();
    await manager.close();
    const viewer = fakeViewer();
    new Inspection(manager).connect(viewer.channel);
    expect(viewer.messages.map(({ type }) => type)).toEqual(['closed']);
  });
});

describe('an inspection', () => {
  it('is refused with wrong options, and of what is no manager', async () => {
    const manager = createSessionManager();
    const wrong = [{ allow: 'send' }, { allow: ['sing'] }, { redact: ['a..b'] }, { alow: [] }, null];
    for (const options of wrong)
      expect(codeThrown(() => new Inspection(manager, options as never))).toBe('INVALID_ARGUMENT');
    expect(codeThrown(() => new Inspection({} as never))).toBe('INVALID_ARGUMENT');
    expect(engineOf(manager).taps.size).toBe(0);
    await manager.close();
  });

  it('takes a thousand viewers that come and go at once', async () => {
    const { manager, engine, inspection } = inspectionOf();
    await manager.createSession({ id: 'a' });
    const viewers = Array.from({ length: 1_000 }, () => {
      const viewer = fakeViewer();
      return { viewer, connection: inspection.connect(viewer.channel) };
    });
    expect(viewers.every(({ viewer }) => viewer.rows().has('a'))).toBe(true);
    for (const { connection } of viewers) connection.close();
    expect([inspection.viewers, engine.taps.size]).toEqual([0, 0]);
    await manager.close();
  });
});
