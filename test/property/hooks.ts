/** Hooks that behave as the session's metadata says, and what hooks and agents write themselves. */

import type { SessionEvent } from '../../src/events/types.ts';
import type { AgentInput, HookContext, SessionManagerOptions } from '../../src/options.ts';
import { invokeInside } from './calls.ts';
import type { Origin } from './ledger.ts';
import type { HookPlan } from './scenario.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

const MOST_FAILED_RESTARTS = 2;

type HookName = 'initialize' | 'cleanup';
interface HookRun {
  readonly beganAtMs: number;
  state: 'running' | 'done' | 'failed';
}

/** The newest run of each hook that no event has answered for. */
export class HookRuns {
  readonly #runs = new Map<string, HookRun>();

  begin(id: string, name: HookName, beganAtMs: number): HookRun {
    const run: HookRun = { beganAtMs, state: 'running' };
    this.#runs.set(`${name} ${id}`, run);
    return run;
  }

  take(id: string, name: HookName): HookRun | undefined {
    const run = this.#runs.get(`${name} ${id}`);
    this.#runs.delete(`${name} ${id}`);
    return run;
  }
}

/** A session is active once its own hook is done, and gone once its own cleanup is over, or out of time. */
export function checkHooks(world: World, event: SessionEvent): void {
  if (!world.settings.hooks || event.type !== 'session_status') return;
  const { sessionId: id, status, previousStatus, reason } = event;
  if (previousStatus === 'initializing' && status === 'active') {
    const { state } = world.hooks.take(id, 'initialize') ?? {};
    if (state !== 'done') throw new Violation(1, `${id} is active, its initialize hook is ${state}`);
  }
  if (previousStatus !== 'terminating') return;
  const run = world.hooks.take(id, 'cleanup');
  if ((reason === 'normal' || reason === 'idle') && (run === undefined || run.state === 'running')) {
    throw new Violation(1, `${id} is gone, its cleanup hook is ${run?.state}`);
  }
  const took = world.clock.now() - (run?.beganAtMs ?? 0);
  if (reason === 'timeout' && took < shortestLimit(world, id)) {
    throw new Violation(1, `the cleanup of ${id} was cut short after ${took} ms`);
  }
}

function shortestLimit({ settings, ledger }: World, id: string): number {
  const limits = ledger.operations.flatMap(({ call, id: ended }) =>
    call.kind === 'terminate' && ended === id && call.timeoutMs !== null ? [call.timeoutMs] : [],
  );
  return Math.min(settings.terminateMs, ...limits);
}

export function hooksOf(world: World): NonNullable<SessionManagerOptions['hooks']> {
  return {
    initialize(context) {
      const run = world.hooks.begin(context.id, 'initialize', world.clock.now());
      const restarts = world.model.live.get(context.id)?.restarts ?? 0;
      // A start that always fails slowly enough is restarted for ever, and the run would not come to rest.
      const plan = context.metadata[restarts > 0 ? 'again' : 'initialize'] as HookPlan;
      const mild = restarts > MOST_FAILED_RESTARTS ? 'ok' : plan;
      return follow(run, () => behave(world, context, mild, 'initialize'));
    },
    cleanup(context) {
      const run = world.hooks.begin(context.id, 'cleanup', world.clock.now());
      return follow(run, () => behave(world, context, context.metadata.cleanup as HookPlan, 'cleanup'));
    },
  };
}

function follow(run: HookRun, hook: () => void | Promise<void>): void | Promise<void> {
  const failed = (error: unknown): never => {
    run.state = 'failed';
    throw error;
  };
  try {
    const running = hook();
    if (running === undefined) run.state = 'done';
    return running?.then(() => {
      run.state = 'done';
    }, failed);
  } catch (error) {
    return failed(error);
  }
}

/** `undefined` for a hook that is done at once, as a plain function would be. */
function behave(world: World, hook: HookContext, plan: HookPlan, name: string): void | Promise<void> {
  switch (plan) {
    case 'ok':
      return undefined;
    case 'failNow':
      throw new Error(`${name} of ${hook.id} failed at once`);
    case 'stubborn':
      return new Promise(() => {});
    case 'hang':
      return untilAborted(hook.signal);
    default:
      return takeTime(world, hook, plan, name);
  }
}

async function takeTime(world: World, hook: HookContext, plan: HookPlan, name: string): Promise<void> {
  const origin = world.originOf(hook.id);
  if (plan === 'writes') writeFromHook(world, hook, name, origin);
  await world.gates.wait(`${name} of ${hook.id}`);
  // By now its session may have started again, or be gone.
  if (plan === 'late') writeFromHook(world, hook, name, origin);
  if (plan === 'fail') throw new Error(`${name} of ${hook.id} failed`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function writeFromHook(world: World, hook: HookContext, key: string, origin: Origin | undefined): void {
  world.record(hook.id, { kind: 'put', key }, origin, (operation) =>
    invokeInside(hook.context, hook.cache, operation),
  );
}

export function writeFromAgent(world: World, input: AgentInput): void {
  const { id, context, cache } = input.session;
  world.record(id, { kind: 'send', key: null, tokens: 1 }, world.originOf(id), (operation) =>
    invokeInside(context, cache, operation),
  );
}
