import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { INVARIANTS as OF_CLIENTS } from '../../src/testing/client/violation.ts';
import { INVARIANTS as OF_MACHINES } from '../../src/testing/machine/invariants.ts';
import { run, runSource, tool } from '../support/program.ts';
import { root } from '../support/source-tree.ts';

const SECONDS = 1000;
const guide = readFileSync(`${root}/docs/proving.md`, 'utf8');
const example = (file: string) => readFileSync(`${root}/examples/proving/${file}`, 'utf8');
const folder = '.cache/proving';

/** What the page shows, by the file that its first line names, and what it says that comes of it. */
const shown = new Map<string, { code: string; output: string }>();
for (const [, language, text = ''] of guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
  const [, file, code = ''] = /^\/\/ ([\w. -]+)\n(.*)/s.exec(text) ?? [];
  const last = [...shown.values()].at(-1);
  if (language === 'text' && last) last.output = text;
  else if (language === 'sh') shown.set(`sh ${shown.size}`, { code: text, output: '' });
  else if (file !== undefined) shown.set(file, { code, output: '' });
}
function block(file: string): { code: string; output: string } {
  const found = shown.get(file);
  if (!found) throw new Error(`docs/proving.md shows no ${file}; it shows ${[...shown.keys()].join(', ')}.`);
  return found;
}

/** What differs from machine to machine is put as the page has it. */
const asShown = (text: string) => text.replaceAll(join(tmpdir(), 'chartroom'), '/tmp/chartroom');

const config = `import config from '../../vitest.config.ts';
export default { resolve: config({ mode: 'test' }).resolve, test: { include: ['**/*.test.{js,ts}'] } };
`;
const vitest = (file: string) =>
  run(tool('vitest'), ['run', '--config', 'vitest.config.ts', file], {
    cwd: `${root}/${folder}`,
    timeoutMs: 90 * SECONDS,
  });

beforeAll(() => {
  rmSync(`${root}/${folder}`, { recursive: true, force: true });
  mkdirSync(`${root}/${folder}`, { recursive: true });
  for (const [file, { code }] of shown)
    if (/^[\w.-]+\.[jt]s$/.test(file)) writeFileSync(`${root}/${folder}/${file}`, code);
  for (const file of ['gateway.ts', 'mended.ts']) writeFileSync(`${root}/${folder}/${file}`, example(file));
  writeFileSync(`${root}/${folder}/verification.js`, "export * from './verification.ts';\n");
  writeFileSync(`${root}/${folder}/vitest.config.ts`, config);
  writeFileSync(
    `${root}/${folder}/tsconfig.json`,
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: { declaration: false },
      include: ['*.ts'],
      exclude: ['vitest.config.ts'],
    }),
  );
});
afterAll(() => rmSync(`${root}/${folder}`, { recursive: true, force: true }));

// A trace is named after its subject and seed as long as no other failure has that name: nobody's temporary files.
beforeEach(() => {
  vi.stubEnv('TMPDIR', mkdtempSync(join(tmpdir(), 'proving-')));
});
afterEach(() => {
  rmSync(tmpdir(), { recursive: true });
  vi.unstubAllEnvs();
});

describe('examples/proving', { timeout: 60 * SECONDS }, () => {
  it('prints how the shipped checkout hangs, and that the mended one does not', async () => {
    const { code, stdout, stderr } = await runSource('examples/proving/main.ts');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const shipped = block('checkout.test.ts').output.replace(/^VerificationError: |Trace: .*\n/gm, '');
    expect(shipped).toMatch(/^checkout breaks/);
    expect(stdout).toContain(shipped);
    expect(stdout).toContain('checkout, mended: nothing is broken');
    expect(stdout).toContain('never taken: nothing\n');
  });
});

describe('docs/proving.md', { timeout: 120 * SECONDS }, () => {
  it('shows the machines and the options of the example', () => {
    expect(block('checkout.ts').code).toBe(example('checkout.ts'));
    expect(example('verification.ts')).toContain(block('verification.ts').code);
    const charging = block('in mended.ts').code.replaceAll(/^(?=.)/gm, '    ');
    expect(charging).toContain('slow: { on: { cancel:');
    expect(example('mended.ts')).toContain(charging);
  });

  it('has a line for every invariant, and for no other', () => {
    const [machines, clients] = [...guide.matchAll(/^\| invariant \|.*\n\|.*\n((?:\|.*\n)+)/gm)].map(
      ([, rows = '']) => rows.split('\n').flatMap((row) => /^\| (.+?) \|/.exec(row)?.[1] ?? []),
    );
    expect(machines?.sort()).toEqual(Object.values(OF_MACHINES).sort());
    expect(clients).toEqual(Object.values(OF_CLIENTS));
  });

  it('links to files that exist', () => {
    const targets = [...guide.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((target) => !existsSync(`${root}/docs/${target}`))).toEqual([]);
  });

  it('has only code that type-checks', async () => {
    const { stdout, code } = await run(tool('tsc'), ['-p', folder]);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  it.each(['again.ts', 'reached.ts', 'payloads.ts', 'migration.ts'])('says what %s prints', async (file) => {
    const { code, stdout, stderr } = await runSource(`${folder}/${file}`);
    expect(stderr).toBe('');
    expect(asShown(stdout)).toBe(block(file).output);
    expect(code).toBe(0);
  });

  it.each(['first-try.ts', 'own.ts'])('says what %s fails with', async (file) => {
    const { code, stderr } = await runSource(`${folder}/${file}`);
    expect(block(file).output).toMatch(/^(TypeError|VerificationError): /);
    expect(asShown(stderr)).toContain(block(file).output);
    expect(code).toBe(1);
  });

  it('says what Vitest prints of checkout.test.ts', async () => {
    const { code, stderr } = await vitest('checkout.test.ts');
    expect(block('checkout.test.ts').output).toMatch(/^VerificationError: /);
    expect(asShown(stderr)).toContain(block('checkout.test.ts').output);
    expect(code).toBe(1);
  });

  it('says what Vitest prints of sessions.test.ts, whichever run and session it comes upon', async () => {
    const { code, stderr } = await vitest('sessions.test.ts');
    const whichever = (text: string) =>
      asShown(text).replace(/in run \d+|path: '.*?'|\b[ab] begins|(create|clear) [ab]\b/g, '$1 …');
    expect(block('sessions.test.ts').output).toMatch(/^VerificationError: /);
    expect(whichever(stderr)).toContain(whichever(block('sessions.test.ts').output));
    expect(code).toBe(1);
  });

  it('says what the commands print', async () => {
    const [, commands] = [...shown].find(([, { code }]) => code.includes('chartroom verify')) ?? [];
    const [, verifies, , replays] = (commands?.code ?? '').split('\n').map((line) => {
      const [, , , ...words] = line.replace(/ +# .*$/, '').split(' ');
      return ['verify', ...words.map((word) => (/^[\w-]+\./.test(word) ? `${folder}/${word}` : word))];
    });
    const found = await runSource('src/cli/main.ts', ...(verifies ?? []), '--trace-folder', folder);
    expect(found.stdout).toContain(`Trace: ${join(root, folder, 'checkout-1.trace.json')}\n`);
    expect(found.code).toBe(1);
    const replayed = await runSource('src/cli/main.ts', ...(replays ?? []));
    expect(replayed.stdout).toBe(commands?.output);
    expect(replayed.code).toBe(0);
  });
});

describe('its test for', { timeout: 120 * SECONDS }, () => {
  const body = (file: string) => block(file).code.replace(/^import \{ it \} from .*\n/m, '');

  it('Vitest fails with the steps', async () => {
    const { code, stderr } = await vitest('vitest.test.js');
    expect(stderr).toContain('vitest.test.js > the checkout holds');
    expect(stderr).toMatch(/ 3\. clock \+ 10000 ms {3}← breaks here/);
    expect(code).toBe(1);
  });

  it('node:test fails with the steps', async () => {
    const { code, stdout } = await run(process.execPath, [
      '--import',
      './scripts/source.ts',
      '--test-reporter=spec',
      `${folder}/node.test.js`,
    ]);
    expect(stdout).toContain('✖ the checkout holds');
    expect(stdout).toMatch(/ 3\. clock \+ 10000 ms {3}← breaks here/);
    expect(code).toBe(1);
  });

  it('Jest is that for node:test, with time', () => {
    expect(body('jest.test.js')).toBe(body('node.test.js').replace(/\}\);\n$/, '}, 60_000);\n'));
  });
});
