import type { Bug } from '../bug.ts';

/** How sessions come into being, end and start again. */
export const lifecycleBugs: readonly Bug[] = [
  {
    title: 'id reserved after the first await',
    edits: [
      {
        file: 'src/session/creation.ts',
        find: '  create(request: CreateRequest): Promise<SessionEntry> {\n    const { id, unique = false } = request;',
        replace: `  async create(request: CreateRequest): Promise<SessionEntry> {
    const { id, unique = false } = request;
    if (this.#engine.registry.get(id)) throw duplicate(id);
    await null;`,
      },
      {
        file: 'src/session/creation.ts',
        find: '    if (registry.get(id)) throw duplicate(id);\n    registry.checkQuarantine(id);',
        replace: '    registry.checkQuarantine(id);',
      },
    ],
  },
  {
    title: 'create completes after terminate',
    edits: [
      {
        file: 'src/session/parking.ts',
        find: '  entry.creation?.reject(error);',
        replace: '  if (wasEnded) entry.creation?.resolve();\n  else entry.creation?.reject(error);',
      },
    ],
  },
  {
    title: 'terminate not idempotent',
    edits: [
      {
        file: 'src/session/lifecycle.ts',
        find: "if (state.status !== 'terminating') beginEnd(entry, batch, { reason, timeoutMs });",
        replace: 'if (!ending?.cleaned) beginEnd(entry, batch, { reason, timeoutMs });',
      },
    ],
  },
  {
    title: 'agent not stopped',
    edits: [
      {
        file: 'machines/compile.ts',
        find: 'stops: exits.flatMap((each) => invocationsOf(machine, each).map(({ id }) => id)),',
        replace:
          'stops: exits.slice(0, 1).flatMap((each) => invocationsOf(machine, each).map(({ id }) => id)),',
      },
    ],
  },
  {
    title: 'restart limit ignored',
    edits: [
      {
        file: 'src/supervision.ts',
        find: '  if (recent.length >= policy.maxRestarts) return { restart: false, escalate: true };\n',
        replace: '',
      },
    ],
  },
  {
    title: 'limit off by one',
    edits: [
      {
        file: 'src/supervision.ts',
        find: 'recent.length >= policy.maxRestarts',
        replace: 'recent.length > policy.maxRestarts',
      },
    ],
  },
  {
    title: 'restart loses state',
    edits: [
      {
        file: 'src/session/state.ts',
        find: '    state.restarting = false;\n    state.agent = undefined;',
        replace:
          '    state.restarting = false;\n    state.agent = undefined;\n    state.workingContext = undefined;',
      },
    ],
  },
  {
    title: 'kill hits a sibling',
    edits: [
      {
        file: 'src/local-client.ts',
        find: 'engine.journal.commit(id, (batch) => lifecycle.kill(entry, batch, reason)),',
        replace: `engine.journal.commit(id, (batch) => {
          lifecycle.kill(entry, batch, reason);
          for (const other of engine.registry.values())
            if (other !== entry && other.state.id.startsWith(id)) lifecycle.kill(other, batch, reason);
        }),`,
      },
    ],
  },
  {
    title: 'close leaves promises pending',
    edits: [
      {
        file: 'src/session/lifecycle.ts',
        find: '    rejectParked(this.#engine, entry, error);\n    entry.creation?.reject(error);',
        replace: '    entry.creation?.reject(error);',
      },
    ],
  },
  {
    title: 'failed create keeps its entry',
    edits: [
      {
        file: 'src/session/follower.ts',
        find: '    this.#engine.registry.remove(entry);\n    entry.cache = undefined;',
        replace:
          '    if (!entry.creation) this.#engine.registry.remove(entry);\n    entry.cache = undefined;',
      },
    ],
  },
  {
    title: 'terminate during initializing hangs',
    edits: [
      {
        file: 'src/session/lifecycle.ts',
        find: '      setFailure(entry, batch, endedAtStart(entry));\n      return endAtStart(entry, batch, reason);',
        replace: '      return this.#waitForEnd(entry, batch);',
      },
    ],
  },
  {
    title: 'a failed create frees an id that a terminate still owns',
    edits: [
      {
        file: 'src/session/creation.ts',
        find: '      committed.catch(reject).finally(over);',
        replace: `      const giveUp = (error: unknown) => {
        const entry = this.#engine.registry.get(id);
        if (entry?.state.status === 'terminating') this.#engine.registry.remove(entry);
        reject(error);
      };
      committed.catch(giveUp).finally(over);`,
      },
    ],
  },
  {
    title: 'a cleanup hook has all the time in the world',
    edits: [
      {
        file: 'src/session/lifecycle.ts',
        find: "        arm(this.#engine, entry, 'cleanup', ending.timeoutMs ?? 0);\n",
        replace: '',
      },
    ],
  },
  {
    title: 'terminating a session leaves its planned restart in place',
    edits: [
      {
        file: 'src/session/lifecycle.ts',
        find: 'const last = { ...ending, restart: false };',
        replace: 'const last = { ...ending };',
      },
    ],
  },
  {
    title: 'what is left of a hook writes into the next incarnation',
    edits: [
      {
        file: 'src/session/operations.ts',
        find: 'if (seq !== scope.seq || restarts !== scope.restarts) throw incarnationEnded(id);',
        replace: 'if (seq !== scope.seq) throw incarnationEnded(id);',
      },
    ],
  },
];
