import { describe, expect, it } from 'vitest';
import { assign, type EventObject, fromPromise, setup } from 'xstate';
import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager } from '../../src/index.ts';
import { Charts, MANAGER } from '../../src/inspect/charts.ts';
import { Definitions } from '../../src/inspect/definitions.ts';
import { Redaction } from '../../src/inspect/redaction.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { testClock } from '../support/clock.ts';
import { keptLog } from '../support/log.ts';
import { turns } from '../support/turns.ts';

const child = setup({ types: {} as { events: EventObject } }).createMachine({
  id: 'child',
  initial: 'waiting',
  states: { waiting: { on: { done: 'over' } }, over: { type: 'final' } },
});

const agent = setup({
  types: {} as { events: EventObject; context: { n: number; apiKey: string } },
  actors: { child, task: fromPromise(async () => 'made') },
  actions: {
    explode: () => {
      throw new Error('the agent hit a mine');
    },
  },
}).createMachine({
  id: 'helper',
  context: { n: 0, apiKey: 'secret' },
  initial: 'resting',
  on: { boom: { actions: 'explode' } },
  states: {
    resting: { on: { work: 'working', pass: 'first' } },
    working: {
      invoke: [
        { id: 'kid', src: 'child' },
        { id: 'task', src: 'task' },
      ],
    },
    first: { always: { target: 'second', actions: assign({ n: 1 }) } },
    second: { always: 'third' },
    third: {},
  },
});

/** What is heard, in short: `id state` for a snapshot, `id ← type` for an event. */
const words = (entries: readonly TraceEntry[]) =>
  entries.map((entry) => {
    if (entry.kind === 'sent') return `${entry.actor} ← ${String(entry.event.type)}`;
    if (entry.kind !== 'snapshot') return entry.kind;
    const state = typeof entry.value === 'string' ? entry.value : JSON.stringify(entry.value);
    return `${entry.actor} ${state}${entry.status === 'active' ? '' : ` (${entry.status})`}`;
  });

async function charted(wants: (session: string | undefined) => boolean = () => true, redact: string[] = []) {
  const { lines, logger } = keptLog();
  const manager = createSessionManager({ agent, clock: testClock(5_000), logger });
  await manager.ready;
  const engine = engineOf(manager);
  const definitions = Definitions.of(agent);
  const heard: TraceEntry[] = [];
  const spawned: string[] = [];
  const charts = new Charts(
    { engine, root: manager.actor, definitions, redaction: new Redaction(redact) },
    {
      wants,
      heard: (_, entry) => void heard.push(entry),
      spawned: (session) => void spawned.push(session),
    },
  );
  return { manager, engine, charts, definitions, heard, spawned, lines };
}

describe('the charts of an engine', () => {
  it('are heard with what they take and where they go, each actor by its place', async () => {
    const { manager, charts, heard } = await charted();
    charts.attach();
    const session = await manager.createSession({ id: 'a' });
    await session.dispatch({ type: 'work' });
    await turns();
    expect(words(heard)).toEqual([
      'a initializing',
      'a ← session.active',
      'a/agent resting',
      'a {"running":"active"}',
      'a/agent ← work',
      'a/agent/kid waiting',
      'a/agent working',
      'a/agent ← xstate.done.actor.task',
      'a/agent working',
    ]);
    expect(heard[0]).toMatchObject({ step: 0, atMs: 5_000, definition: 'session', context: { id: 'a' } });
    expect(new Set(heard.map((entry) => 'definition' in entry && entry.definition))).toEqual(
      new Set(['session', 'helper', 'child']),
    );
    await manager.close();
  });

  it('say which states a machine only passes through, each once', async () => {
    const { manager, charts, heard } = await charted();
    const session = await manager.createSession({ id: 'a' });
    charts.attach();
    await session.dispatch({ type: 'pass' });
    expect(words(heard)).toEqual(['a/agent ← pass', 'a/agent first', 'a/agent second', 'a/agent third']);
    expect(heard.slice(1)).toMatchObject([
      { context: { n: 0 } },
      { context: { n: 1 } },
      { context: { n: 1 } },
    ]);
    await manager.close();
  });

  it('say where a machine was when it failed, before its parent is told', async () => {
    const { manager, charts, heard } = await charted();
    const session = await manager.createSession({ id: 'a' });
    charts.attach();
    await session.dispatch({ type: 'boom' }).catch(() => {});
    expect(words(heard).slice(0, 3)).toEqual([
      'a/agent ← boom',
      'a/agent resting (error)',
      'a ← xstate.error.actor.agent',
    ]);
    await manager.close();
  });

  it('are heard only of sessions that somebody wants, and the manager as none of them', async () => {
    const { manager, charts, heard } = await charted((session) => session === undefined);
    charts.attach();
    await manager.createSession({ id: 'a' });
    expect(heard).toEqual([]);
    await manager.close();
    expect(words(heard)).toContain(`${MANAGER} closing`);
  });

  it('are not asked for anything before they are attached, nor after', async () => {
    const { manager, charts, heard, spawned } = await charted();
    await manager.createSession({ id: 'a' });
    charts.attach();
    charts.attach();
    charts.detach();
    await manager.createSession({ id: 'b' });
    expect([heard, spawned, charts.attached]).toEqual([[], [], false]);
    await manager.close();
  });

  it('tell of each session as its chart is made, while look-ups show what it holds', async () => {
    const { manager, charts, spawned } = await charted(() => false);
    charts.attach();
    await manager.createSession({ id: 'a' });
    await manager.createSession({ id: 'constructor' });
    expect(spawned).toEqual(['a', 'constructor']);
    await manager.close();
  });

  it('can be asked where they are', async () => {
    const { manager, engine, charts } = await charted();
    await manager.createSession({ id: 'a' });
    const entry = engine.registry.get('a');
    if (!entry?.chart || !entry.agent) throw new Error('it has no chart');
    expect(
      words(
        [charts.standing(entry.chart)?.entry, charts.standing(entry.agent)?.entry].flatMap((e) => e ?? []),
      ),
    ).toEqual(['a {"running":"active"}', 'a/agent resting']);
    expect(words([charts.standingManager().entry])).toEqual([`${MANAGER} running`]);
    await manager.close();
  });

  it('hide what is to be hidden in contexts and events', async () => {
    const { manager, charts, heard } = await charted(undefined, ['context.apiKey', 'event.token']);
    const session = await manager.createSession({ id: 'a' });
    charts.attach();
    await session.dispatch({ type: 'work', token: 'secret' } as EventObject);
    expect(JSON.stringify(heard)).not.toContain('secret');
    expect(JSON.stringify(heard)).toContain('(redacted)');
    await manager.close();
  });
});

describe('an observer of the charts that throws', () => {
  it('is logged, and the actors go on', async () => {
    const { manager, charts, lines } = await charted(() => {
      throw new Error('no');
    });
    charts.attach();
    const session = await manager.createSession({ id: 'a' });
    await session.dispatch({ type: 'work' });
    expect((await session.info()).status).toBe('active');
    expect(lines.some(([level, text]) => level === 'error' && String(text).includes('an inspector'))).toBe(
      true,
    );
    await manager.close();
  });
});

describe('a context that is hard to show', () => {
  const hostile = setup({
    types: {} as { events: EventObject; context: Record<string, unknown> },
  }).createMachine({
    id: 'hostile',
    context: () => {
      const ring: Record<string, unknown> = {};
      // At the top XState itself would read it.
      ring.inner = Object.defineProperty({}, 'trap', {
        enumerable: true,
        get() {
          throw new Error('no');
        },
      });
      ring.self = ring;
      ring.large = 'x'.repeat(1_000_000);
      return ring;
    },
    on: { go: {} },
  });

  it('is shown as far as it goes, and harms nobody', async () => {
    const { lines, logger } = keptLog();
    const manager = createSessionManager({ agent: hostile, logger });
    const heard: { entry: TraceEntry; bytes: number }[] = [];
    const charts = new Charts(
      {
        engine: engineOf(manager),
        root: manager.actor,
        definitions: Definitions.of(hostile),
        redaction: new Redaction(),
      },
      { wants: () => true, heard: (_, entry, bytes) => void heard.push({ entry, bytes }) },
    );
    charts.attach();
    const session = await manager.createSession({ id: 'a' });
    await session.dispatch({ type: 'go' });
    const last = heard.at(-1);
    expect(last?.entry).toMatchObject({
      actor: 'a/agent',
      context: { self: { self: '(cycle)' }, inner: { trap: '(unreadable)' } },
    });
    expect(JSON.stringify(last?.entry)).toContain('(cut)');
    expect(last?.bytes).toBeLessThan(70_000);
    expect(lines).toEqual([]);
    await manager.close();
  });
});
