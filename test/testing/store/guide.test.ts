import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/store/memory.ts';
import { verifyStore } from '../../../src/testing/store/verify-store.ts';
import { run, tool } from '../../support/program.ts';
import { root } from '../../support/source-tree.ts';

const SECONDS = 1000;
const guide = readFileSync(`${root}/docs/writing-a-store.md`, 'utf8');
const blocks = [...guide.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
const blockFrom = (module: string) => blocks.find((code) => code.includes(`from '${module}'`)) ?? '';

/** A store of the reader's, who has forgotten something or not. */
const right = `import { memoryStore } from 'chartroom';
export const myStore = () => memoryStore();
`;
const wrong = `import { memoryStore } from 'chartroom';
export const myStore = () => {
  const store = memoryStore();
  return {
    async open(options) {
      const lease = await store.open(options);
      const load = lease.load.bind(lease);
      lease.load = (id) => ({ ...load(id), records: load(id).records.slice(0, -1) });
      return lease;
    },
  };
};
`;
const config = `import config from '../../vitest.config.ts';
export default { resolve: config({ mode: 'test' }).resolve, test: { include: ['**/*.test.js'] } };
`;

const folder = `${root}/.cache/writing-a-store`;
const node = (file: string) =>
  run(process.execPath, ['--import', `${root}/scripts/source.ts`, '--test-reporter=tap', file]);
const vitest = (place: string) =>
  run(tool('vitest'), ['run', '--root', place, '--config', `${folder}/vitest.config.ts`], {
    cwd: place,
    timeoutMs: 90 * SECONDS,
  });

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, store] of Object.entries({ right, wrong })) {
    mkdirSync(`${folder}/${name}`, { recursive: true });
    writeFileSync(`${folder}/${name}/my-store.js`, store);
    writeFileSync(`${folder}/${name}/store.test.js`, blockFrom('vitest'));
    writeFileSync(`${folder}/${name}/store.js`, blockFrom('node:test'));
  }
  writeFileSync(`${folder}/vitest.config.ts`, config);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = verifyStore(() => memoryStore());
const BROKEN = 'a session has its facts, as they were appended and in order';
const LINES = [
  'the facts of a at [2]: expected {"seq":4',
  'Promised: `append` keeps its facts as they were given and in their order.',
  'To mend: Keep every field but `wakeAt` as it came',
];

describe('docs/writing-a-store.md', () => {
  it('has a line for every member of a lease', async () => {
    const rows = [...guide.matchAll(/^\| (.*?) \|/gm)].map(([, cell = '']) => cell).join(' ');
    const lease = await memoryStore().open({ owner: 'guide' });
    const members = new Set(
      [Object.getPrototypeOf(lease), lease].flatMap((object) => Object.getOwnPropertyNames(object)),
    );
    members.delete('constructor');
    expect([...members].filter((name) => !new RegExp(`\`${name}\\b`).test(rows))).toEqual([]);
  });

  it('shows the same for Jest as for Vitest', () => {
    expect(blockFrom('@jest/globals').replace('@jest/globals', 'vitest')).toBe(blockFrom('vitest'));
  });

  it('links to files that exist', () => {
    const targets = [...guide.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(`${root}/docs/${target}`))).toEqual([]);
  });
});

describe('its example for node:test', { timeout: 120 * SECONDS }, () => {
  it('passes every case of a right store', async () => {
    const { code, stdout } = await node(`${folder}/right/store.js`);
    expect(stdout).toContain(`# pass ${cases.length}\n`);
    expect(code).toBe(0);
  });

  it('fails on a wrong one, with what came, what was promised and where to mend it', async () => {
    const { code, stdout } = await node(`${folder}/wrong/store.js`);
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`not ok \\d+ - append: ${BROKEN}\n`));
    for (const line of LINES) expect(stdout).toContain(line);
  });
});

describe('its example for Vitest', { timeout: 120 * SECONDS }, () => {
  it('passes every case of a right store', async () => {
    const { code, stdout } = await vitest(`${folder}/right`);
    expect(stdout).toContain(`${cases.length} passed`);
    expect(code).toBe(0);
  });

  it('fails on a wrong one, with the difference, what was promised and where to mend it', async () => {
    const { code, stdout, stderr } = await vitest(`${folder}/wrong`);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(`myStore > append: ${BROKEN}\n`);
    for (const line of LINES) expect(stdout + stderr).toContain(line);
    expect(stderr).toMatch(/^- Expected\n\+ Received$/m);
  });
});
