/** `npm run example`, as it is typed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { ensureInspector } from '../../scripts/ensure-inspector.ts';
import { root } from '../support/source-tree.ts';

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', './scripts/source.ts', 'examples/workspace/main.ts', ...args],
    { cwd: root },
  );
  running.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    said.out += data;
  });
  child.stderr.on('data', (data) => {
    said.err += data;
  });
  return { child, said, exit: once(child, 'exit').then(([code]) => code as number | null) };
}

it('tells how it is used', async () => {
  const { said, exit } = run('--help');
  expect(await exit).toBe(0);
  expect(said.out).toMatch(/^Usage: npm run example[\s\S]*--port N/);
});

it('says what is wrong with its arguments', async () => {
  const { said, exit } = run('--port', 'many');
  expect(await exit).toBe(2);
  expect(said.err).toMatch(/--port must be a number[\s\S]*Try: npm run example -- --help/);
});

it('says at once that a port is taken, and how to choose another', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { said, exit } = run('--port', String(port));
  expect(await exit).toBe(1);
  expect(said.err).toBe(
    `Port ${port} is taken, perhaps by another workspace. End that, or choose another: npm run example -- --port ${port + 1}\n`,
  );
  expect(said.out).toBe('');
  other.close();
});

it('serves the pages at the address that it prints, until Ctrl-C', async () => {
  await ensureInspector();
  const { child, said, exit } = run('--port', '0');
  await expect.poll(() => said.out).toMatch(/Ctrl-C ends it/);
  const url = /The workspace: +(\S+)/.exec(said.out)?.[1] ?? '';
  for (const path of ['', 'vue/', 'svelte/', 'solid/']) {
    const page = await fetch(`${url}${path}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/<title>Workspace.*chartroom<\/title>/);
  }
  child.kill('SIGINT');
  expect(await exit).toBe(0);
  expect(said.err).toBe('');
});
