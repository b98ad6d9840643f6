/** Hooks that behave as the session's metadata says, and what hooks and agents write themselves. */
import type { AgentInput, HookContext, SessionManagerOptions } from '../../src/options.ts';
import { invokeInside } from './calls.ts';
import type { HookPlan } from './scenario.ts';
import type { World } from './world.ts';

const MOST_FAILED_RESTARTS = 2;

export function hooksOf(world: World): NonNullable<SessionManagerOptions['hooks']> {
  return {
    initialize(context) {
      const restarts = world.model.live.get(context.id)?.restarts ?? 0;
      // A start that always fails slowly enough is restarted for ever, and the run would not come to rest.
      if (restarts > MOST_FAILED_RESTARTS) return;
      const plan = context.metadata[restarts > 0 ? 'again' : 'initialize'];
      return behave(world, context, plan as HookPlan, 'initialize');
    },
    cleanup: (context) => behave(world, context, context.metadata.cleanup as HookPlan, 'cleanup'),
  };
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
  if (plan === 'writes') writeFromHook(world, hook, name);
  await world.gates.wait(`${name} of ${hook.id}`);
  if (plan === 'fail') throw new Error(`${name} of ${hook.id} failed`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function writeFromHook(world: World, hook: HookContext, name: string): void {
  world.record(hook.id, { kind: 'put', key: name }, true, (operation) =>
    invokeInside(hook.context, hook.cache, operation),
  );
}

export function writeFromAgent(world: World, input: AgentInput): void {
  const { id, context, cache } = input.session;
  world.record(id, { kind: 'send', key: null, tokens: 1 }, true, (operation) =>
    invokeInside(context, cache, operation),
  );
}
