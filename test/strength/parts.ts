/** The parts of the engine that are measured by mutation, each with the tests that have to notice. */
export interface Part {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

const codec = ['check', 'document', 'inventory', 'reading', 'session-data', 'transfer'].join(',');

export const parts: Readonly<Record<string, Part>> = {
  machines: { mutate: ['machines/!(index).ts'], tests: ['test/machines/**/*.test.ts'] },
  supervision: { mutate: ['src/supervision.ts'], tests: ['test/supervision.test.ts'] },
  events: { mutate: ['src/events/**/*.ts'], tests: ['test/events/**/*.test.ts'] },
  session: { mutate: ['src/session/**/*.ts'], tests: ['test/session/**/*.test.ts'] },
  codec: { mutate: [`src/store/{${codec}}.ts`], tests: [`test/store/{${codec}}.test.ts`] },
};
