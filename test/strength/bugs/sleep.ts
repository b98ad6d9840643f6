import type { Bug } from '../bug.ts';

/** Sessions that are in the store and not in memory, and what is due meanwhile. */
export const sleepBugs: readonly Bug[] = [
  {
    title: 'an agent goes on while its session sleeps',
    edits: [
      {
        file: 'src/session/sleep.ts',
        find: "    this.#engine.supervise({ type: 'supervisor.stop', id });\n",
        replace: '',
      },
    ],
  },
  {
    title: 'a session that sleeps is never due',
    edits: [{ file: 'src/session/sleep.ts', find: '    this.#alarmAt(wakeAt);\n', replace: '' }],
  },
  {
    title: 'the alarm is set for the one who is due last',
    edits: [
      {
        file: 'src/session/sleep.ts',
        find: 'if (wakeAt >= this.#alarm.dueAt || !this.#lease) return;',
        replace: 'if ((this.#alarm.slot >= 0 && wakeAt <= this.#alarm.dueAt) || !this.#lease) return;',
      },
    ],
  },
  {
    title: 'who is due is not asked for again when the store did not say',
    edits: [
      { file: 'src/session/sleep.ts', find: '    this.#alarmAt(time.now() + RETRY_MS);\n', replace: '' },
    ],
  },
  {
    title: 'a session falls asleep with a write on its way',
    edits: [
      {
        file: 'src/session/sleep.ts',
        find: ' &&\n      !this.#engine.journal.concerns(state.id)\n',
        replace: '\n',
      },
    ],
  },
  {
    title: 'the cache of a session is lost in its sleep',
    edits: [
      {
        file: 'src/session/sleep.ts',
        find: '    if (entry.cache) this.#caches.set(id, entry.cache);\n',
        replace: '',
      },
    ],
  },
  {
    title: 'whoever wakes is still counted as asleep',
    edits: [
      {
        file: 'src/session/stored-sessions.ts',
        find: '        this.#parts.dormant.moved(state.status, -1);\n',
        replace: '',
      },
    ],
  },
  {
    title: 'a create does not see who is asleep',
    edits: [
      {
        file: 'src/session/creation.ts',
        find: 'if (this.#engine.dormant.size > 0 && !unique) return this.#createIfFree(request);',
        replace: '',
      },
    ],
  },
  {
    title: 'a listing leaves out who is asleep',
    edits: [
      {
        file: 'src/local-client.ts',
        find: 'const isOneAway = dormant.size > 0;',
        replace: 'const isOneAway = dormant.size > registry.size;',
      },
    ],
  },
  {
    title: 'whoever wakes goes before those who woke it',
    edits: [
      {
        file: 'src/session/dormant.ts',
        find: 'if (entry && !(this.#arrivals.size > 0 && this.#arrivals.get(id)?.released)) return use(entry);',
        replace: 'if (entry) return use(entry);',
      },
    ],
  },
  {
    title: 'a close lets those hang who wait for a session to wake',
    edits: [
      {
        file: 'src/session/dormant.ts',
        find: '    for (const arrival of this.#arrivals.values()) this.#refuse(arrival, error);\n',
        replace: '',
      },
    ],
  },
  {
    title: 'a dispatch does not count as activity',
    edits: [
      {
        file: 'src/session/operations.ts',
        find: '    this.#activity.touch(entry);\n    try {',
        replace: '    try {',
      },
      {
        file: 'src/session/operations.ts',
        find: '    if (batch.facts.length === 0) this.#activity.touch(entry);\n',
        replace: '',
      },
    ],
  },
  {
    // The agent of the runs has no children, and the append that a dispatch waits for settles it before any other.
    title: 'a session ends as idle while its agent is at work',
    by: 'tests',
    tests: ['test/session/charts.test.ts', 'test/session/activity.test.ts'],
    edits: [
      {
        file: 'machines/session.ts',
        find: "[{ guard: 'quiet', actions: 'settleDown' }, { actions: 'stayAwake' }]",
        replace: "[{ actions: 'settleDown' }]",
      },
    ],
  },
];
