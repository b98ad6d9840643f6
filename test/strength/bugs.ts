/** Every seeded bug. bugs.test.ts names those that had to be among them. */
import type { Bug } from './bug.ts';
import { agentBugs } from './bugs/agents.ts';
import { contentBugs } from './bugs/contents.ts';
import { eventBugs } from './bugs/events.ts';
import { journalBugs } from './bugs/journal.ts';
import { lifecycleBugs } from './bugs/lifecycle.ts';
import { recoveryBugs } from './bugs/recovery.ts';
import { sleepBugs } from './bugs/sleep.ts';
import { storeBugs } from './bugs/stores.ts';

export const bugs: readonly Bug[] = [
  ...lifecycleBugs,
  ...journalBugs,
  ...recoveryBugs,
  ...sleepBugs,
  ...agentBugs,
  ...contentBugs,
  ...eventBugs,
  ...storeBugs,
];
