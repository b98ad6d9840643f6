import type { AnyActorRef } from 'xstate';

/** The actor itself and all below it: where each is, as `''`, `child`, `child/grandchild`. */
export function pathsOf(actor: AnyActorRef | undefined, path = ''): Map<AnyActorRef, string> {
  const paths = new Map<AnyActorRef, string>();
  const add = (each: AnyActorRef, at: string) => {
    if (paths.has(each)) return;
    paths.set(each, at);
    for (const [id, child] of Object.entries(childrenOf(each.getSnapshot())))
      add(child, at === '' ? id : `${at}/${id}`);
  };
  if (actor) add(actor, path);
  return paths;
}

/** Of a machine's snapshot: other logic has none, or a property of that name of its own. */
export function childrenOf(snapshot: unknown): Readonly<Record<string, AnyActorRef>> {
  const { children } = (snapshot ?? {}) as { children?: unknown };
  if (typeof children !== 'object' || children === null) return {};
  return Object.fromEntries(Object.entries(children).filter(([, child]) => isActor(child)));
}

function isActor(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'getSnapshot' in value && 'send' in value;
}
