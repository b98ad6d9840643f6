import type { Bug } from '../bug.ts';

/** Agents, saved and restored. */
export const agentBugs: readonly Bug[] = [
  {
    title: 'an agent that was at work begins anew',
    edits: [
      {
        file: 'src/session/agents.ts',
        find: "    if ('snapshot' in found) return found;",
        replace: "    if ('snapshot' in found && !found.atWork) return found;",
      },
    ],
  },
  {
    title: 'a dispatch is acknowledged before its agent is stored',
    edits: [
      {
        file: 'src/session/operations.ts',
        find: 'return entry.agentSave?.done;',
        replace: 'void entry.agentSave?.done;',
      },
    ],
  },
  {
    title: 'an agent that the store refused is taken for stored',
    edits: [
      { file: 'src/session/agent-keeper.ts', find: 'save?.settle(error);', replace: 'save?.settle();' },
    ],
  },
  {
    title: 'an agent that was refused is not stored again',
    by: 'tests',
    tests: ['test/session/agent-saves.test.ts'],
    edits: [
      {
        file: 'src/session/agent-keeper.ts',
        find: '          if (isRunning(entry) && !entry.agentSave) this.#unsave(entry);\n',
        replace: '',
      },
    ],
  },
  {
    title: 'the next incarnation goes on with the agent of the last',
    edits: [
      {
        file: 'src/session/state.ts',
        find: '    state.restarting = false;\n    state.agent = undefined;\n',
        replace: '    state.restarting = false;\n',
      },
    ],
  },
  {
    title: 'an agent that has completed starts again when its session wakes',
    edits: [
      {
        file: 'src/session/agents.ts',
        find: "return supervision.restart === 'permanent' ? undefined : null;",
        replace: 'return undefined;',
      },
    ],
  },
];
