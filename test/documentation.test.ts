import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, runSource, tool } from './support/program.ts';
import { root } from './support/source-tree.ts';

const SECONDS = 1000;
const readme = existsSync(`${root}/README.md`) ? readFileSync(`${root}/README.md`, 'utf8') : undefined;

describe.skipIf(readme === undefined)('README.md', () => {
  const text = readme ?? '';
  const folder = '.cache/readme';
  /** Each block in a file that is named after the line it starts on. */
  const blocks = [...text.matchAll(/^```(tsx?)( no-run)?\n(.*?)^```$/gms)].map(
    ({ index, 1: extension = '', 2: noRun, 3: code = '' }) => ({
      file: `${folder}/line-${text.slice(0, index).split('\n').length}.${extension}`,
      code,
      runs: extension === 'ts' && noRun === undefined,
    }),
  );

  beforeAll(() => {
    rmSync(`${root}/${folder}`, { recursive: true, force: true });
    mkdirSync(`${root}/${folder}`, { recursive: true });
    writeFileSync(
      `${root}/${folder}/tsconfig.json`,
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: { declaration: false, jsxImportSource: 'react' },
        include: ['*.ts', '*.tsx'],
      }),
    );
    for (const { file, code } of blocks) writeFileSync(`${root}/${file}`, code);
  });

  // The store that an example keeps where it is run.
  afterAll(() => {
    for (const file of globSync('rooms.db*', { cwd: root })) rmSync(`${root}/${file}`);
  });

  it('has a first example', () => {
    expect(blocks.length).toBeGreaterThan(0);
  });

  it('has only code that type-checks', { timeout: 60 * SECONDS }, async () => {
    const { stdout, code } = await run(tool('tsc'), ['-p', folder]);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  it.for(blocks.filter(({ runs }) => runs))(
    'has an example that runs: $file',
    { timeout: 60 * SECONDS },
    async ({ file }) => {
      const { code, stdout, stderr } = await runSource(file);
      expect(stderr).toBe('');
      expect(stdout).not.toBe('');
      expect(code).toBe(0);
    },
  );

  it('shows in React what the guide to React begins with, which is run in a page', () => {
    const guide = readFileSync(`${root}/docs/react.md`, 'utf8');
    const [shown] = blocks.filter(({ file }) => file.endsWith('.tsx'));
    expect(guide).toContain(`// first.tsx\n${shown?.code}`);
  });

  it('shows pictures that exist', () => {
    const pictures = [...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(pictures.length).toBeGreaterThan(1);
    expect(pictures.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
  });

  it('links to files that exist', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(`${root}/${target}`))).toEqual([]);
  });
});

describe('the examples', () => {
  // The workspace is served until somebody ends it: test/examples/workspace.test.ts does.
  const programs = globSync(['examples/*.ts', 'examples/*/main.ts'], { cwd: root })
    .filter((program) => program !== 'examples/workspace/main.ts')
    .sort();

  it('are type-checked with everything else', () => {
    const { include } = JSON.parse(readFileSync(`${root}/tsconfig.json`, 'utf8'));
    expect(include).toContain('examples');
  });

  it.for(programs)('%s runs to its end', { timeout: 120 * SECONDS }, async (program) => {
    const folder = mkdtempSync(join(tmpdir(), 'chartroom-example-'));
    const { code, stdout, stderr } = await runSource(program, '--store', join(folder, 'example.db'));
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
    expect(code).toBe(0);
  });
});
