import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createActor, type EventObject, fromCallback, fromPromise } from 'xstate';
import { managerMachine } from '../../machines/manager.ts';
import { strays } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';

const CLOSE = { type: 'manager.close' } as const;
const FAILED = { type: 'session.failed', id: 'a', error: new Error('chart') } as const;
const ESCALATED = { type: 'session.escalated', id: 'a', error: new Error('again') } as const;

interface Told {
  readonly id?: string;
  readonly error?: unknown;
}

/** The chart with recovery and shutting down in the hands of the test; what it does is noted. */
function setUp() {
  const [recovery, shutDown] = [gate(), gate()];
  const notes: string[] = [];
  const note =
    (name: string) =>
    ({ event }: { event: EventObject & Told }, told: unknown) => {
      const { id, error } = (told ?? event) as Told;
      notes.push([name, id, error].filter((part) => part !== undefined).join(' '));
    };
  const actor = createActor(
    managerMachine.provide({
      actors: {
        supervisor: fromCallback(({ receive }) => {
          notes.push('supervisor starts');
          receive(() => {
            throw new Error('no supervisor any more');
          });
          return () => notes.push('supervisor stops');
        }),
        recover: fromPromise(async () => {
          notes.push('recover');
          await recovery.promise;
        }),
        shutDown: fromPromise(async () => {
          notes.push('shut down');
          await shutDown.promise;
        }),
      },
      actions: {
        admit: note('admit'),
        refuse: note('refuse'),
        reportFailure: note('failure'),
        reportEscalation: note('escalation'),
        reportFault: note('fault'),
      },
    }),
  );
  actor.subscribe({ error: (error) => notes.push(`the manager failed: ${error}`) });
  actor.start();
  return {
    actor,
    recovery,
    shutDown,
    notes,
    value: () => actor.getSnapshot().value,
    status: () => actor.getSnapshot().status,
    /** What has been noted since the last look. */
    news: () => notes.splice(0),
  };
}
type World = ReturnType<typeof setUp>;

/** Takes the chart to each of its states. */
const ways: Record<string, (world: World) => Promise<void>> = {
  recovering: async () => {},
  running: async ({ recovery }) => {
    recovery.open();
    await turns();
  },
  failed: async ({ recovery }) => {
    recovery.fail(new Error('EIO'));
    await turns();
  },
  closing: async ({ recovery, actor }) => {
    recovery.open();
    await turns();
    actor.send(CLOSE);
  },
  closed: async ({ recovery, actor, shutDown }) => {
    recovery.open();
    await turns();
    actor.send(CLOSE);
    shutDown.open();
    await turns();
  },
};
async function at(state: string) {
  const world = setUp();
  await ways[state]?.(world);
  expect(world.value()).toBe(state);
  return world;
}

describe('recovering', () => {
  it('is where it begins, with its supervisor and the recovery under way', () => {
    const { value, news } = setUp();
    expect(value()).toBe('recovering');
    expect(news().sort()).toEqual(['recover', 'supervisor starts']);
  });

  it('leads to running, which lets calls in, once', async () => {
    const { recovery, news, value } = setUp();
    news();
    recovery.open();
    await turns();
    expect([value(), news()]).toEqual(['running', ['admit']]);
  });

  it('that fails leads to failed, which refuses calls with what it failed on', async () => {
    const { recovery, news, value } = setUp();
    news();
    recovery.fail(new Error('EIO'));
    await turns();
    expect([value(), news()]).toEqual(['failed', ['refuse Error: EIO']]);
  });

  it('can be closed; how the recovery ends is then of no account', async () => {
    for (const end of ['open', 'fail'] as const) {
      const { actor, recovery, news, value } = setUp();
      news();
      actor.send(CLOSE);
      expect([value(), news()]).toEqual(['closing', ['shut down']]);
      const stray = await strays(async () => recovery[end](undefined));
      expect([stray, value(), news()]).toEqual([[], 'closing', []]);
    }
  });
});

describe('closing', () => {
  it.each(['running', 'failed'])(
    'from %s shuts down, and then is over, with its supervisor',
    async (state) => {
      const { actor, shutDown, news, value, status } = await at(state);
      news();
      actor.send(CLOSE);
      expect([value(), news(), status()]).toEqual(['closing', ['shut down'], 'active']);
      shutDown.open();
      await turns();
      expect([value(), news(), status()]).toEqual(['closed', ['supervisor stops'], 'done']);
    },
  );

  it('is over too when shutting down fails', async () => {
    const { shutDown, value, status } = await at('closing');
    const stray = await strays(async () => shutDown.fail(new Error('EIO')));
    expect([stray, value(), status()]).toEqual([[], 'closed', 'done']);
  });

  it('twice shuts down once', async () => {
    const { actor, news } = await at('closing');
    actor.send(CLOSE);
    expect(news().filter((note) => note === 'shut down')).toHaveLength(1);
  });
});

describe.each(['recovering', 'running', 'failed', 'closing'])('while %s', (state) => {
  it('the failure of a chart, and an escalation, are reported and change nothing', async () => {
    const { actor, news, value } = await at(state);
    news();
    actor.send(FAILED);
    actor.send(ESCALATED);
    expect(news()).toEqual(['failure a Error: chart', 'escalation a Error: again']);
    expect(value()).toBe(state);
  });

  it('a supervisor that fails is reported as a fault, and does not take the manager along', async () => {
    const { actor, news, value, status } = await at(state);
    news();
    const stray = await strays(async () => {
      (actor.getSnapshot().children.supervisor as AnyActorRef).send({ type: 'anything' });
    });
    expect(news()).toEqual(['fault Error: no supervisor any more']);
    expect([stray, value(), status()]).toEqual([[], state, 'active']);
  });
});

it('closed, nothing happens any more', async () => {
  const { actor, news, value } = await at('closed');
  news();
  for (const event of [CLOSE, FAILED, ESCALATED]) actor.send(event);
  expect([value(), news()]).toEqual(['closed', []]);
});

it('without anything provided it recovers, closes and reports without a fuss', async () => {
  const actor = createActor(managerMachine).start();
  await turns();
  expect(actor.getSnapshot().value).toBe('running');
  actor.send(FAILED);
  actor.send(CLOSE);
  await turns();
  expect(actor.getSnapshot().value).toBe('closed');
});
