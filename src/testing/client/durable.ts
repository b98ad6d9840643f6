/** What is on the disk, folded as a recovery would fold it, against what the manager shows. */
import { SessionEntry } from '../../session/entry.ts';
import { recoverState } from '../../session/recover.ts';
import { fileIndexOf, historyOf, infoOf } from '../../session/views.ts';
import type { StoredSession } from '../../store/port.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** 13: memory equals disk. Only at rest, when nothing is on its way. */
export async function checkDisk(world: World): Promise<void> {
  for (const { head, stored } of await world.medium.look()) {
    const kept = onDisk(head.id, stored);
    const shown = await world.withStore(inMemory(world, head.id));
    if (shown.lastActivityAt < kept.lastActivityAt)
      throw new Violation(
        13,
        `${head.id} was active ${kept.lastActivityAt}, memory says ${shown.lastActivityAt}`,
      );
    const [disk, memory] = [kept, shown].map(({ lastActivityAt: _, ...rest }) => JSON.stringify(rest));
    if (disk !== memory) throw new Violation(13, `${head.id} is ${disk} on disk, ${memory} in memory`);
    if (head.status !== kept.info.status)
      throw new Violation(13, `${head.id} is ${kept.info.status}, its head says ${head.status}`);
  }
}

/** Every session as a recovery would find it. */
export async function foldAll({ medium }: World): Promise<readonly object[]> {
  return (await medium.look()).map(({ head: { id, status, wakeAt }, stored }) => ({
    ...onDisk(id, stored),
    head: { status, wakeAt },
    agent: recoverState(id, stored).agent,
  }));
}

interface View {
  readonly info: object & { readonly status: string };
  readonly lastActivityAt: string;
  readonly messages: readonly unknown[];
  readonly files: readonly string[];
  readonly values: object;
  readonly index: object;
}

function onDisk(id: string, stored: StoredSession): View {
  const state = recoverState(id, stored);
  const { lastActivityAt, activeTasks: _, ...info } = infoOf(new SessionEntry(state, 0));
  return {
    info,
    lastActivityAt,
    messages: historyOf(state, undefined),
    files: [...(state.files?.keys() ?? [])],
    values: Object.fromEntries(state.workingContext ?? []),
    index: fileIndexOf(state),
  };
}

async function inMemory({ manager }: World, id: string): Promise<View> {
  const session = manager.session(id);
  const { lastActivityAt, activeTasks: _, ...info } = await session.info();
  const { workingContext = {} } = await session.context.build(['workingContext']);
  return {
    info,
    lastActivityAt,
    messages: await session.context.history(),
    files: (await session.context.activeFiles()).map(({ path }) => path),
    values: workingContext,
    index: await session.context.fileIndex(),
  };
}
