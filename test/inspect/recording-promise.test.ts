/** The inspector's main promise: what a recording says of a moment is what the engine said at that moment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, type EventObject, setup } from 'xstate';
import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { chartId } from '../../src/inspect/fold.ts';
import { Inspection } from '../../src/inspect/inspection.ts';
import { type Moment, momentAt } from '../../src/inspect/moment.ts';
import { recordSessions } from '../../src/inspect/recorder.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import type { SessionState } from '../../src/session/state.ts';
import { activeFilesOf, buildContext, fileIndexOf, historyOf, infoOf } from '../../src/session/views.ts';
import { checkTrace } from '../../src/testing/trace.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { deferredStore } from '../support/deferred-store.ts';
import { fakeViewer } from '../support/fake-viewer.ts';
import { turns } from '../support/turns.ts';

const agent = setup({
  types: {} as { events: EventObject; context: { n: number } },
  actions: {
    explode: () => {
      throw new Error('the agent hit a mine');
    },
  },
}).createMachine({
  id: 'counter',
  context: { n: 0 },
  on: {
    inc: { actions: assign({ n: ({ context }) => context.n + 1 }) },
    boom: { actions: 'explode' },
  },
});

const IDS = ['a', 'b', 'constructor'];
const KINDS = [
  'create',
  'send',
  'sendKeyed',
  'clear',
  'addFile',
  'removeFile',
  'index',
  'put',
  'delete',
  'inc',
  'boom',
  'terminate',
  'kill',
  'save',
  'restore',
  'idle',
  'sleep',
  'restart',
] as const;
type Command = { readonly kind: (typeof KINDS)[number]; readonly id: string; readonly n: number };

const command = fc.record({
  // An end is seldom what comes next.
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...KINDS) },
    { weight: 1, arbitrary: fc.constant('create' as const) },
  ),
  id: fc.constantFrom(...IDS),
  n: fc.nat(5),
});
const commands = fc
  .array(command, { minLength: 5, maxLength: 40 })
  .map((list): Command[] => [{ kind: 'create', id: 'a', n: 0 }, ...list]);

function makeManager(clock: TestClock, store = memoryStore()) {
  return createSessionManager({
    store,
    agent,
    clock,
    supervision: { restart: 'transient', maxRestarts: 2, withinMs: 10_000, backoffMs: 100 },
    sessionDefaults: { maxMessages: 4, maxFiles: 3, idleAfterMs: 1_000, sleepAfterMs: 5_000 },
  });
}
type Manager = ReturnType<typeof makeManager>;

/** What is refused changes nothing: that is the engine's own promise. */
async function run(manager: Manager, clock: TestClock, { kind, id, n }: Command): Promise<void> {
  const session = manager.session(id);
  const { context } = session;
  const doing: Record<Command['kind'], () => Promise<unknown>> = {
    create: () => manager.createSession({ id, metadata: { n } }),
    send: () => session.send('user', `text ${n}`),
    sendKeyed: () => session.send('user', `keyed ${n}`, { idempotencyKey: `k${n}` }),
    clear: () => context.clearConversation(),
    addFile: () => context.addFile(`f${n}`),
    removeFile: () => context.removeFile(`f${n}`),
    index: () => context.updateFileIndex(`f${n}`, { [`k${n}`]: n }),
    put: () => context.put(`k${n}`, { n }),
    delete: () => context.delete(`k${n}`),
    inc: () => session.dispatch({ type: 'inc' }),
    boom: () => session.dispatch({ type: 'boom' }),
    terminate: () => session.terminate({ reason: `r${n}` }),
    kill: () => session.kill(`r${n}`),
    save: () => manager.saveSession(id),
    restore: () => manager.restoreSession(id),
    idle: () => clock.advance(1_500),
    sleep: () => clock.advance(6_000),
    restart: () => clock.advance(150),
  };
  doing[kind]().catch(() => {});
  await turns(4);
}

/** All that a look-up says, but for what makes no fact: when it was touched last, and what its agent works at. */
function lookUps(state: SessionState) {
  const { lastActivityAt: _, activeTasks: __, ...info } = infoOf(new SessionEntry(state, 0));
  return {
    info,
    messages: historyOf(state, undefined),
    files: activeFilesOf(state),
    index: fileIndexOf(state),
    context: buildContext(state, ['workingContext'], undefined),
  };
}

/** Where the charts of a session are: its own, and its agent with what that remembers. */
function chartsOf({ chart, agent: running }: SessionEntry) {
  const { value, context } = running?.getSnapshot() ?? {};
  return [chart?.getSnapshot().value, value, context];
}

function chartsIn({ charts }: Moment, { state: { id }, agent: running }: SessionEntry) {
  const its = running && charts.get(chartId('counter', `${id}/agent`));
  return [charts.get(chartId('session', id))?.value, its?.value, its?.context];
}

const shown = (state: SessionState) => JSON.parse(JSON.stringify(lookUps(state)));

function stateAt(moment: Moment, id: string): SessionState | undefined {
  const found = moment.sessions.get(id);
  return found && found.state.status !== 'terminated' ? (found.state as SessionState) : undefined;
}

describe('what a recording says at its end', () => {
  it.each([
    ['all of it held', 100_000],
    ['all but the newest few let go', 3],
    ['half of it let go', 25],
  ])(
    'is what the engine says, with %s, whenever it began',
    async (_, limit) => {
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(commands, fc.nat(20), async (list, begin) => {
          const clock = testClock(Date.UTC(2026, 0, 1));
          const manager = makeManager(clock);
          await manager.ready;
          const { registry } = engineOf(manager);
          const start = Math.min(begin, list.length - 1);
          for (const command of list.slice(0, start)) await run(manager, clock, command);
          using recorder = recordSessions(manager, { limit });
          const compare = () => {
            const trace = checkTrace(JSON.parse(JSON.stringify(recorder.trace())));
            const moment = momentAt({ ...trace, bases: trace.bases ?? {} }, trace.entries.length);
            for (const { state } of registry.values()) {
              // While the facts of one decision are told one after another, look-ups show the last already.
              const told = moment.sessions.get(state.id)?.state;
              if (told && told.sessionSeq !== state.sessionSeq) continue;
              const found = stateAt(moment, state.id);
              expect(found && shown(found), state.id).toEqual(shown(state));
              compared += 1;
            }
            return moment;
          };
          // A listener that throws is heard of by nobody.
          const wrong: unknown[] = [];
          manager.subscribeToAllSessions(() => {
            try {
              compare();
            } catch (error) {
              wrong.push(error);
            }
          });
          for (const command of list.slice(start)) {
            await run(manager, clock, command);
            const moment = compare();
            expect(wrong).toEqual([]);
            for (const entry of registry.values()) expect(chartsIn(moment, entry)).toEqual(chartsOf(entry));
            const there = new Set((await manager.listSessions()).map(({ id }) => id));
            for (const id of moment.sessions.keys())
              expect(there.has(id), id).toBe(stateAt(moment, id) !== undefined);
          }
          await manager.close();
        }),
        { numRuns: 40, seed: 7 },
      );
      expect(compared).toBeGreaterThan(500);
    },
    60_000,
  );

  it.each([
    ['at once', memoryStore],
    ['in its time', deferredStore],
  ])(
    'is what a viewer holds of a session that it began to look at in between, with a store that answers %s',
    async (_, store) => {
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(commands, fc.nat(20), async (list, begin) => {
          const clock = testClock(Date.UTC(2026, 0, 1));
          const manager = makeManager(clock, store());
          await manager.ready;
          const { registry } = engineOf(manager);
          const ticks = testClock();
          const inspection = new Inspection(manager, { clock: ticks });
          const viewer = fakeViewer();
          const connection = inspection.connect(viewer.channel);
          const start = Math.min(begin, list.length - 1);
          for (const command of list.slice(0, start)) await run(manager, clock, command);
          connection.receive({ type: 'look', subject: 'session/a' });
          for (const command of list.slice(start)) {
            await run(manager, clock, command);
            await ticks.advance(100);
            if (viewer.of('looking').length === 0) {
              connection.receive({ type: 'look', subject: 'session/a' });
              continue;
            }
            const recording = viewer.recording('session/a');
            const found = stateAt(momentAt(recording, recording.entries.length), 'a');
            const state = registry.get('a')?.state;
            if (!state) continue;
            expect(found && shown(found)).toEqual(shown(state));
            compared += 1;
          }
          inspection.close();
          await manager.close();
        }),
        { numRuns: 60, seed: 11 },
      );
      expect(compared).toBeGreaterThan(200);
    },
    60_000,
  );
});
