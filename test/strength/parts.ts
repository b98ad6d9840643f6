/** The parts of the engine that are measured by mutation, each with the tests that have to notice. */
export interface Part {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

const all = (names: readonly string[]) => (names.length === 1 ? names.join() : `{${names.join()}}`);

/** Files of `src/FOLDER` against the tests of the same names. */
function mirrored(folder: string, ...names: string[]): Part {
  return {
    mutate: [`src/${folder}/${all(names)}.ts`],
    tests: [`test/${folder}/${all(names)}.test.ts`, `test/${folder}/${all(names)}/**/*.test.ts`],
  };
}

export const parts: Readonly<Record<string, Part>> = {
  machines: { mutate: ['machines/!(index).ts'], tests: ['test/machines/**/*.test.ts'] },
  supervision: { mutate: ['src/supervision.ts'], tests: ['test/supervision.test.ts'] },
  events: { mutate: ['src/events/**/*.ts'], tests: ['test/events/**/*.test.ts'] },
  codec: mirrored('store', 'check', 'document', 'inventory', 'reading', 'session-data', 'transfer'),
  contents: mirrored(
    'session',
    ...['cache', 'cache-handle', 'content', 'context-handle', 'conversation', 'file-source', 'recover'],
    ...['saved', 'snapshot', 'state', 'views', 'wake-time'],
  ),
  agents: mirrored(
    'session',
    ...[
      'agent',
      'agent-children',
      'agent-keeper',
      'agent-restore',
      'agent-saves',
      'agent-snapshot',
      'agents',
      'orphans',
    ],
    ...['agent-timers', 'agent-tree', 'agent-values', 'agent-version', 'agent-watch'],
  ),
  lifecycle: mirrored(
    'session',
    ...['activity', 'charts', 'creation', 'dormant', 'ending', 'entry', 'follower', 'hooks', 'lifecycle'],
    ...['operations', 'parking', 'registry', 'session-handle', 'sleep', 'status', 'stored-sessions'],
  ),
};
