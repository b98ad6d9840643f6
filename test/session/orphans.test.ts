import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  createMachine,
  fromCallback,
  fromTransition,
} from 'xstate';
import { stopOrphans } from '../../src/session/orphans.ts';

/** An actor of logic that gives no snapshot at all, as XState's plain build lets it. */
const snapshotless = { getSnapshot: () => undefined } as unknown as AnyActorRef;

/** Starts an actor whose failure is expected. */
function startBadly(logic: AnyActorLogic): AnyActorRef {
  const actor = createActor(logic);
  actor.subscribe({ error: () => {} });
  return actor.start();
}

describe('the orphans of an agent that failed', () => {
  /** A callback that counts itself while it runs. */
  const counted = (live: Set<string>, name: string) =>
    fromCallback(() => {
      live.add(name);
      return () => void live.delete(name);
    });
  const fragile = (children: Record<string, AnyActorLogic>, more = {}) =>
    createMachine({
      invoke: Object.entries(children).map(([id, src]) => ({ id, src, ...more })),
      on: {
        BOOM: {
          actions: () => {
            throw new Error('boom');
          },
        },
      },
    });

  it('go on running, which XState leaves to us, until they are stopped', () => {
    const live = new Set<string>();
    const actor = startBadly(fragile({ a: counted(live, 'a'), b: counted(live, 'b') }));
    actor.send({ type: 'BOOM' });
    expect(actor.getSnapshot().status).toBe('error');
    expect(live).toEqual(new Set(['a', 'b']));
    stopOrphans(actor);
    expect(live).toEqual(new Set());
  });

  it('below a child that failed itself are found too', () => {
    const live = new Set<string>();
    const inner = fragile({ grandchild: counted(live, 'grandchild') });
    const outer = fragile({ inner }, { onError: { actions: () => {} } });
    const actor = startBadly(outer);
    actor.getSnapshot().children.inner.send({ type: 'BOOM' });
    actor.send({ type: 'BOOM' });
    expect(live).toEqual(new Set(['grandchild']));
    stopOrphans(actor);
    expect(live).toEqual(new Set());
  });

  it('may be none', () => {
    const actor = createActor(fromTransition(() => 1, 0)).start();
    stopOrphans(actor);
    expect(actor.getSnapshot().status).toBe('active');
    expect(stopOrphans(snapshotless)).toBeUndefined();
  });
});
