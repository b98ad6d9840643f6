import { invalidArgument } from './check.ts';
import type { Engine } from './engine.ts';

const engines = new WeakMap<object, Engine>();

/** Lets an inspector find the engine of a manager. Nobody else has a way to it. */
export function lendEngine(manager: object, engine: Engine): void {
  engines.set(manager, engine);
}

/** To be looked at, never changed. Throws `INVALID_ARGUMENT` for what `createSessionManager` has not made. */
export function engineOf(manager: unknown): Engine {
  const engine = typeof manager === 'object' && manager !== null ? engines.get(manager) : undefined;
  if (!engine)
    throw invalidArgument(
      'manager',
      'what createSessionManager() of this copy of chartroom returns',
      manager,
    );
  return engine;
}
