/** Hooks that behave as the session's metadata says, and what hooks and agents write themselves. */

import type { SessionEvent } from '../../events/types.ts';
import type { AgentInput, HookContext, SessionManagerOptions } from '../../options.ts';
import { invokeInside } from './calls.ts';
import type { Operation, Origin } from './ledger.ts';
import type { Process } from './process.ts';
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
  /** Some hook has been called. */
  called = false;
  readonly #runs = new Map<string, HookRun>();

  begin(id: string, name: HookName, beganAtMs: number): HookRun {
    this.called = true;
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

export function hooksOf(world: World, process: Process): NonNullable<SessionManagerOptions['hooks']> {
  const behaveAs = (context: HookContext, plan: HookPlan, name: HookName) =>
    behave({ world, process, hook: context, name, plan });
  return {
    initialize(context) {
      const run = process.hooks.begin(context.id, 'initialize', process.clock.now());
      const restarts = world.model.live.get(context.id)?.restarts ?? 0;
      // A start that always fails slowly enough is restarted for ever, and the run would not come to rest.
      const plan = context.metadata[restarts > 0 ? 'again' : 'initialize'] as HookPlan;
      const mild = restarts > MOST_FAILED_RESTARTS ? 'ok' : plan;
      return follow(run, () =>
        andThen(behaveAs(context, mild, 'initialize'), () => world.subject.hooks?.initialize?.(context)),
      );
    },
    cleanup(context) {
      const run = process.hooks.begin(context.id, 'cleanup', process.clock.now());
      return follow(run, () =>
        andThen(behaveAs(context, context.metadata.cleanup as HookPlan, 'cleanup'), () =>
          world.subject.hooks?.cleanup?.(context),
        ),
      );
    },
  };
}

/** The user's own hook, after what the run makes of it. */
function andThen(first: void | Promise<void>, own: () => void | Promise<void>): void | Promise<void> {
  return first === undefined ? own() : first.then(own);
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

interface Behaviour {
  readonly world: World;
  readonly process: Process;
  readonly hook: HookContext;
  readonly name: HookName;
  readonly plan: HookPlan;
}

/** `undefined` for a hook that is done at once, as a plain function would be. */
function behave(behaviour: Behaviour): void | Promise<void> {
  const { hook, name, plan } = behaviour;
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
      return takeTime(behaviour);
  }
}

async function takeTime(behaviour: Behaviour): Promise<void> {
  const { world, hook, name, plan } = behaviour;
  const origin = world.originOf(hook.id);
  if (plan === 'writes') writeFromHook(behaviour, origin);
  await world.gates.wait(`${name} of ${hook.id}`);
  // By now its session may have started again, or be gone.
  if (plan === 'late') writeFromHook(behaviour, origin);
  if (plan === 'fail') throw new Error(`${name} of ${hook.id} failed`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function writeFromHook({ world, process, hook, name }: Behaviour, origin: Origin | undefined): void {
  const run = (operation: Operation) => invokeInside(hook.context, hook.cache, operation);
  world.record({ id: hook.id, call: { kind: 'put', key: name }, origin, process, run });
}

export function writeFromAgent(world: World, process: Process, input: AgentInput): void {
  const { id, context, cache } = input.session;
  const call = { kind: 'send', key: null, tokens: 1 } as const;
  const run = (operation: Operation) => invokeInside(context, cache, operation);
  world.record({ id, call, origin: world.originOf(id), process, run });
}
