import { describe, expect, it } from 'vitest';
import { type AnyActorLogic, type AnyActorRef, createActor, fromPromise, fromTransition } from 'xstate';
import { Timekeeper } from '../../src/clock.ts';
import type { SessionStatus } from '../../src/data.ts';
import { adoptAgent } from '../../src/session/agent.ts';
import { restoreAgent } from '../../src/session/agent-restore.ts';
import { AgentTimers } from '../../src/session/agent-timers.ts';
import {
  type ActivityEffects,
  bindChart,
  type LifecycleEffects,
  restoredChart,
  tellDeadline,
  tellStatus,
} from '../../src/session/charts.ts';
import { type ChartDeadline, SessionEntry } from '../../src/session/entry.ts';
import { Registry } from '../../src/session/registry.ts';
import { applyFact } from '../../src/session/state.ts';
import { testClock } from '../support/clock.ts';
import { gate } from '../support/gate.ts';
import { loggedGuard } from '../support/log.ts';
import { turns } from '../support/turns.ts';
import { factWriter } from './facts.ts';

/** Effects that only say that they were asked for, and of which session. */
function effects(asked: string[], quiet = true): LifecycleEffects & ActivityEffects {
  const note =
    (name: string) =>
    ({ state }: SessionEntry, error?: unknown) =>
      void asked.push(error === undefined ? `${name} ${state.id}` : `${name} ${state.id}: ${error}`);
  return {
    initialize: note('initialize'),
    failInitialize: note('failInitialize'),
    settleDown: note('settleDown'),
    stayAwake: note('stayAwake'),
    completeAgent: note('completeAgent'),
    crash: note('crash'),
    cleanUp: note('cleanUp'),
    forceEnd: note('forceEnd'),
    restart: note('restart'),
    quiet: () => quiet,
  };
}

function bound({ quiet = true, agent }: { quiet?: boolean; agent?: AnyActorLogic } = {}) {
  const registry = new Registry();
  const entry = new SessionEntry(applyFact(undefined, factWriter('s').created()), 0);
  registry.add(entry);
  const asked: string[] = [];
  const all = effects(asked, quiet);
  const chart = createActor(bindChart(registry, all, all, agent), { input: { id: 's' } });
  const start = () => {
    chart.subscribe({ error: () => {} });
    chart.start();
    return chart as AnyActorRef;
  };
  return { registry, entry, asked, start, value: () => chart.getSnapshot().value };
}

describe('the chart of a session that is under way', () => {
  const counter = fromTransition((n: number) => n + 1, 0);
  const stored = { snapshot: { status: 'active', context: 7 }, timers: [], lostTimers: [], atWork: false };
  const agentOf = (status: SessionStatus, agent?: typeof stored | null) => {
    const adopted: unknown[] = [];
    const logic = adoptAgent(
      counter,
      (id) => adopted.push(id),
      (bounded, revival, scope, input) => restoreAgent(bounded, revival.agent, scope, input).snapshot,
    );
    const { registry } = bound();
    const { id, input, snapshot } = restoredChart('s', status, agent);
    const root = createActor(fromTransition(() => 0, 0));
    AgentTimers.install(root.system, new Timekeeper(testClock(), loggedGuard().guard));
    const options = { id, input, snapshot: snapshot as never, parent: root };
    const chart = createActor(bindChart(registry, effects([]), effects([]), logic), options).start();
    const { children } = chart.getSnapshot() as never as { children: Record<string, AnyActorRef> };
    return [children.agent?.getSnapshot().context, adopted];
  };

  it('has the agent that was stored, one that is new, or none when it had completed', () => {
    expect(agentOf('active', stored)).toEqual([7, ['s']]);
    expect(agentOf('idle', stored)).toEqual([7, ['s']]);
    expect(agentOf('active')).toEqual([0, ['s']]);
    expect(agentOf('active', null)).toEqual([undefined, []]);
    expect(agentOf('terminating', stored)).toEqual([undefined, []]);
  });
});

describe('a bound chart', () => {
  it('follows the facts that it is told, and asks for each effect by its name', () => {
    const { asked, start, value } = bound();
    const chart = start();
    expect([value(), asked.splice(0)]).toEqual(['initializing', ['initialize s']]);
    tellDeadline(chart, 'initialize');
    tellDeadline(chart, 'restart');
    expect(asked.splice(0)).toEqual(['failInitialize s', 'restart s']);
    tellStatus(chart, 'active');
    expect(value()).toEqual({ running: 'active' });
    tellDeadline(chart, 'inactivity');
    tellStatus(chart, 'idle');
    expect(value()).toEqual({ running: 'idle' });
    tellDeadline(chart, 'inactivity');
    tellStatus(chart, 'active');
    expect(asked.splice(0)).toEqual(['settleDown s', 'settleDown s']);
    tellStatus(chart, 'terminating');
    tellDeadline(chart, 'cleanup');
    tellDeadline(chart, 'restart');
    expect(asked.splice(0)).toEqual(['cleanUp s', 'forceEnd s', 'restart s']);
    tellStatus(chart, 'terminated');
    expect([value(), asked, chart.getSnapshot().status]).toEqual(['terminated', [], 'done']);
  });

  it('stays awake while there is work', () => {
    const { asked, start } = bound({ quiet: false });
    const chart = start();
    tellStatus(chart, 'active');
    tellDeadline(chart, 'inactivity');
    expect(asked).toEqual(['initialize s', 'stayAwake s']);
  });

  it('asks for nothing on behalf of a session that is gone', () => {
    const { registry, entry, asked, start } = bound();
    const chart = start();
    tellStatus(chart, 'active');
    asked.length = 0;
    registry.remove(entry);
    tellDeadline(chart, 'inactivity');
    tellStatus(chart, 'terminating');
    tellDeadline(chart, 'cleanup');
    expect(asked).toEqual([]);
    expect(chart.getSnapshot().status).toBe('active');
  });

  it('ignores a deadline that means nothing where it stands', () => {
    const { asked, start } = bound();
    const chart = start();
    asked.length = 0;
    tellDeadline(chart, 'inactivity');
    tellDeadline(chart, 'cleanup');
    tellStatus(chart, 'active');
    tellDeadline(chart, 'initialize');
    tellDeadline(chart, 'restart');
    expect(asked).toEqual([]);
  });
});

describe('the agent of a bound chart', () => {
  const pending = fromPromise<string, { id: string }>(() => new Promise(() => {}));

  it('runs from active until terminating, through idle, and gets the id as input', () => {
    const inputs: unknown[] = [];
    const agent = fromPromise<void, unknown>(({ input }) => {
      inputs.push(input);
      return new Promise(() => {});
    });
    const { start } = bound({ agent });
    const chart = start();
    expect(inputs).toEqual([]);
    tellStatus(chart, 'active');
    const ref = chart.getSnapshot().children.agent;
    tellStatus(chart, 'idle');
    expect(chart.getSnapshot().children.agent).toBe(ref);
    expect(ref.getSnapshot().status).toBe('active');
    tellStatus(chart, 'terminating');
    expect(ref.getSnapshot().status).toBe('stopped');
    expect(inputs).toEqual([{ id: 's' }]);
  });

  it('that completes or fails is reported, a failure with what was thrown', async () => {
    for (const [settle, said] of [
      ['open', 'completeAgent s'],
      ['fail', 'crash s: boom'],
    ] as const) {
      const outcome = gate<unknown>();
      const { asked, start } = bound({ agent: fromPromise(() => outcome.promise) });
      tellStatus(start(), 'active');
      asked.length = 0;
      outcome[settle]('boom');
      await turns();
      expect(asked).toEqual([said]);
    }
  });

  it('is nobody when none was given', () => {
    const { start } = bound();
    const chart = start();
    tellStatus(chart, 'active');
    expect(chart.getSnapshot().children).toEqual({});
    const { start: startWith } = bound({ agent: pending });
    const other = startWith();
    tellStatus(other, 'active');
    expect(Object.keys(other.getSnapshot().children)).toEqual(['agent']);
    other.stop();
  });
});

describe('telling a chart that is not there', () => {
  it('reaches nobody', () => {
    const statuses: Array<Exclude<SessionStatus, 'initializing'>> = ['active', 'idle', 'terminating'];
    const kinds: ChartDeadline[] = ['initialize', 'inactivity', 'cleanup', 'restart'];
    for (const status of statuses) expect(tellStatus(undefined, status)).toBeUndefined();
    for (const kind of kinds) expect(tellDeadline(undefined, kind)).toBeUndefined();
  });
});
