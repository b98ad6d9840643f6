import type { Session } from 'chartroom';
import type { Drop } from './dropped.ts';
import type { Workspace } from './workspace.ts';

/** Puts what was dropped on the shelf of the session; says what was refused, and why. */
export async function addDrop(
  { shelf, notices }: Pick<Workspace, 'shelf' | 'notices'>,
  session: Session<never>,
  drop: Drop,
): Promise<void> {
  sayRefused(notices, drop);
  for (const file of drop.files) {
    try {
      await shelf.put(session, file);
    } catch (error) {
      notices.add(`${file.path} could not be added. ${wordsOf(error)}`);
      return;
    }
  }
}

export function sayRefused(notices: Workspace['notices'], { files, refused }: Drop): void {
  if (files.length + refused.length === 0) notices.add('There is no file in what was dropped.');
  notices.add(...refused.map(({ path, reason }) => `${path} ${reason}`));
}

function wordsOf(error: unknown): string {
  if (error instanceof Error && error.name === 'QuotaExceededError')
    return 'The storage of this browser is full: terminate sessions you no longer need, and add it again.';
  return error instanceof Error ? error.message : String(error);
}
