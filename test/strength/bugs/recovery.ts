import type { Bug } from '../bug.ts';

/** What a process finds that comes after another: recovery, fencing, and the store in memory. */
export const recoveryBugs: readonly Bug[] = [
  {
    title: 'durable row not deleted',
    edits: [
      {
        file: 'src/store/memory.ts',
        find: '    sessions.delete(id);\n',
        replace: '',
      },
    ],
  },
  {
    title: "recovery drops the log's tail",
    edits: [
      {
        file: 'src/session/recover.ts',
        find: '  for (const record of records) {',
        replace: '  for (const record of records.slice(0, Math.max(1, records.length - 1))) {',
      },
    ],
  },
  {
    title: 'recovery applies the last entry twice',
    edits: [
      {
        file: 'src/session/recover.ts',
        find: '  if (!state) throw withoutFacts(id);',
        replace: `  const last = records.at(-1);
  if (state && last && last.type !== 'session_created') applyFact(state, last as Fact);
  if (!state) throw withoutFacts(id);`,
      },
    ],
  },
  {
    title: 'recovery stops at the first bad row',
    edits: [
      {
        file: 'src/recovery.ts',
        find: '      sessions.quarantine(id, status, error);\n',
        replace: '      sessions.quarantine(id, status, error);\n      throw error;\n',
      },
    ],
  },
  {
    title: 'no fencing',
    edits: [
      {
        file: 'src/store/memory.ts',
        find: '  append(records: readonly JournalRecord[]): void {\n    this.#checkOpen();\n',
        replace: '  append(records: readonly JournalRecord[]): void {\n',
      },
    ],
  },
  {
    title: 'a lease that was given back still takes snapshots',
    edits: [
      {
        file: 'src/store/memory.ts',
        find: '  putSnapshot(id: string, snapshot: StoredSnapshot): void {\n    this.#checkOpen();\n',
        replace: '  putSnapshot(id: string, snapshot: StoredSnapshot): void {\n',
      },
    ],
  },
  {
    title: 'a lease that was given back still takes saved sessions',
    edits: [
      {
        file: 'src/store/memory.ts',
        find: "  get saved(): StoreLease['saved'] {\n    this.#checkOpen();\n",
        replace: "  get saved(): StoreLease['saved'] {\n",
      },
    ],
  },
  {
    title: 'a store that has an owner opens for another',
    by: 'store',
    store: 'memory',
    edits: [
      {
        file: 'src/store/memory.ts',
        find: 'if (owner !== undefined)\n',
        replace: 'if (owner === request.owner)\n',
      },
    ],
  },
  {
    title: 'an append that is refused leaves its first facts',
    by: 'store',
    store: 'memory',
    edits: [
      {
        file: 'src/store/memory.ts',
        find: 'if (!(seq > newest))\n',
        replace: 'if (!(seq > newest) && records.length === 1)\n',
      },
    ],
  },
  {
    title: 'an end that was under way is not gone on with',
    edits: [
      {
        file: 'src/recovery.ts',
        find: "if (status === 'terminating' || (status === 'initializing' && state.restarting)) lifecycle.resumeEnd(entry);",
        replace: "if (status === 'initializing' && state.restarting) lifecycle.resumeEnd(entry);",
      },
    ],
  },
  {
    title: 'the pause before a restart is forgotten by the next process',
    edits: [
      {
        file: 'src/recovery.ts',
        find: "(status === 'initializing' && state.restarting)",
        replace: 'false',
      },
    ],
  },
  {
    title: 'whoever is due when a process starts is not brought back',
    edits: [
      {
        file: 'src/recovery.ts',
        find: '  if (!isClosing()) await sleep.wakeDue();\n',
        replace: '',
      },
    ],
  },
  {
    title: 'a recovered session has no deadline any more',
    edits: [
      {
        file: 'src/session/activity.ts',
        find: 'if (this.#untilNext(entry) > 0) this.watch(entry);\n    else this.#engine.post',
        replace: 'if (this.#untilNext(entry) <= 0) this.#engine.post',
      },
    ],
  },
  {
    title: 'the restarts that count are forgotten by a snapshot',
    edits: [
      {
        file: 'src/session/snapshot.ts',
        find: '  return { ...head, lastActivityAt, agent, ...sessionData(state) };',
        replace: '  return { ...head, restartTimes: [], lastActivityAt, agent, ...sessionData(state) };',
      },
    ],
  },
  {
    title: 'a damaged session is counted on',
    edits: [
      {
        file: 'src/session/stored-sessions.ts',
        find: '    if (status !== undefined) dormant.moved(status, -1);\n',
        replace: '',
      },
    ],
  },
];
