/** What each command does to the world. A call is started and left to itself. */
import type { SessionEvent } from '../../events/types.ts';
import { crash, recover, reopen } from './crash.ts';
import type { Command } from './scenario.ts';
import { Violation } from './violation.ts';
import type { Watch, WatchCommand } from './watch.ts';
import type { World } from './world.ts';

export async function perform(world: World, command: Command): Promise<void> {
  switch (command.do) {
    case 'call':
      return world.call(command.id, command.call, command.viaHandle);
    case 'sends':
      for (let caller = 0; caller < command.callers; caller += 1) {
        world.call(command.id, { kind: 'send', key: command.key, tokens: 1 }, caller % 2 === 1);
      }
      return;
    case 'tick':
      await world.medium.gates.releaseOne();
      await world.gates.releaseOne();
      return world.turn();
    case 'quiesce':
      return quiesce(world);
    case 'advance':
      return world.advance(command.ms);
    case 'touch':
      return world.disk.touch(command.path, world.ledger.moment());
    case 'close':
      return world.close();
    case 'reopen':
      return reopen(world);
    case 'crash':
      return crash(world, command);
    case 'recover':
      return recover(world, command.spoils);
    case 'fault':
      return world.medium.plan(command.fault);
    case 'subscribe':
      return subscribe(world, command);
    case 'stream':
      return openStream(world, command);
    case 'abort':
      return abort(world, command.nth);
    case 'unsubscribe':
    case 'leave':
      return closeWatch(world, command.do === 'leave', command.nth);
  }
}

/** Lets every waiting step go on, until nothing waits but hooks that never end. */
export async function quiesce(world: World): Promise<void> {
  await world.turn();
  while (world.gates.waiting() + world.medium.gates.waiting() > 0) {
    await world.medium.gates.releaseOne();
    await world.gates.releaseOne();
    await world.turn();
  }
}

function subscribe(world: World, command: Extract<WatchCommand, { do: 'subscribe' }>): void {
  if (world.closed || world.process.phase === 'refused') return;
  const { manager } = world;
  const controller = new AbortController();
  const watch = newWatch(world, command, command.types, 'subscription');
  const order = world.watches.length + 1;
  const { process } = world;
  const listener = (event: SessionEvent): unknown => {
    if (process.dead) return undefined;
    watch.seen.push(event);
    if (watch.from === null) world.watchFor(() => world.deliveries.check(event, order));
    if (command.fails === 'throws') throw new Error('a listener that throws');
    return command.fails === 'rejects' ? Promise.reject(new Error('a listener that rejects')) : undefined;
  };
  const options = {
    ...(command.types && { types: command.types }),
    ...(watch.from !== null && { from: watch.from }),
    ...(command.bySignal && { signal: controller.signal }),
  };
  const unsubscribe =
    command.topic === null
      ? manager.subscribeToAllSessions(listener, options)
      : manager.subscribeToSession(command.topic, listener, options);
  watch.close = command.bySignal ? () => controller.abort() : unsubscribe;
  world.watches.push(watch);
}

function openStream(world: World, command: Extract<WatchCommand, { do: 'stream' }>): void {
  if (world.closed || world.process.phase === 'refused') return;
  const watch = newWatch(world, command, null, 'stream');
  const stream = world.manager.events({
    ...(command.topic !== null && { sessionId: command.topic }),
    ...(watch.from !== null && { from: watch.from }),
    ...(command.buffer !== null && { buffer: command.buffer }),
  });
  watch.close = () => void stream.return?.();
  world.watches.push(watch);
  const { process } = world;
  const read = async (): Promise<void> => {
    for await (const event of stream) {
      if (command.slow) await holdUp(world, watch);
      if (!process.dead) watch.seen.push(event);
    }
    watch.ended = true;
  };
  read().catch((error) => world.fail(new Violation(10, `${watch.name} threw ${String(error)}`)));
}

async function holdUp({ gates }: World, watch: Watch): Promise<void> {
  watch.waiting = true;
  await gates.wait(`read ${watch.name}`);
  watch.waiting = false;
}

function newWatch(world: World, command: WatchCommand, types: Watch['types'], kind: string): Watch {
  const { trace } = world.model;
  const { back, topic } = command;
  const from = back === null ? null : (trace.at(-1 - back)?.event.seq ?? 0);
  return {
    name: `${kind} ${world.watches.length + 1} to ${topic ?? 'all'}${from === null ? '' : ` from ${from}`}`,
    topic,
    types,
    from,
    since: trace.length,
    until: null,
    generation: world.generation,
    seen: [],
    lossy:
      (command.do === 'stream' && command.buffer !== null) ||
      (from !== null && world.settings.retainEvents < 10_000),
    stream: command.do === 'stream',
    ended: false,
    waiting: false,
    close: () => {},
  };
}

function abort(world: World, nth: number): void {
  const open = world.ledger.unsettled().filter(({ inside }) => !inside);
  open[nth % Math.max(1, open.length)]?.abort.abort();
}

function closeWatch(world: World, stream: boolean, nth: number): void {
  const open = world.openWatches(stream);
  const watch = open[nth % Math.max(1, open.length)];
  if (!watch) return;
  watch.until = world.model.trace.length;
  watch.close();
}
