/** How what a machine has around it looks in a portrait. */
import type { AnyActorRef, AnyMachineSnapshot } from 'xstate';
import type { Json } from '../../data.ts';
import { childrenOf, pathsOf } from './actor-paths.ts';
import { portray } from './portrait.ts';
import type { VirtualTime } from './virtual-time.ts';

const GONE = 'an actor that has gone';

/** Every child by its id: what it is at, and whether there is anything behind it. */
export function likenessOfChildren(snapshot: unknown): Json {
  return Object.fromEntries(
    Object.entries(childrenOf(snapshot)).map(([id, child]) => {
      const { logic } = child as AnyActorRef & { readonly logic?: { transition?: unknown } };
      const seen: Partial<AnyMachineSnapshot> = child.getSnapshot() ?? {};
      const { status, value, context, output } = seen;
      return [
        id,
        {
          // Restored from JSON, a child that was spawned by value has an empty object for its logic.
          is: typeof logic?.transition === 'function' ? (status ?? 'active') : 'without logic',
          ...(value !== undefined && { value: value as Json }),
          ...(context !== undefined && { context: portray(context) }),
          ...(output !== undefined && { output: portray(output) }),
          children: likenessOfChildren(seen),
        },
      ];
    }),
  );
}

/** What is on its way, and when it is due: since the start of the run, or since the time given. */
export function likenessOfTimers({ pending }: VirtualTime, root: AnyActorRef | undefined, since = 0): Json[] {
  if (pending.length === 0) return [];
  const paths = pathsOf(root);
  return pending.map(({ source, target, event, dueAt }) => ({
    event: portray(event),
    dueAt: dueAt === Number.POSITIVE_INFINITY ? 'never' : dueAt - since,
    from: paths.get(source) ?? GONE,
    ...(target !== source && { to: paths.get(target) ?? GONE }),
  }));
}
