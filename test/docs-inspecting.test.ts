import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { ensureInspector } from '../scripts/ensure-inspector.ts';
import { resolveInspectOptions } from '../src/inspect/inspect-options.ts';
import { startServer } from '../src/inspect/server/index.ts';
import { StatelyApps } from '../src/inspect/stately.ts';
import { builtPage } from './inspect/server/stage.ts';
import { countBlocks, documented, writeTypeChecked } from './support/documented.ts';
import { run, runSource, tool } from './support/program.ts';
import { root } from './support/source-tree.ts';
import { until } from './support/turns.ts';

const SECONDS = 1000;
const page = readFileSync(`${root}/docs/inspecting.md`, 'utf8');
const folder = writeTypeChecked('inspecting');
const fileOf = (name: string) => `${folder}/${name}`;

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('docs/inspecting.md', () => {
  it('has no code but what is tried here', () => {
    const names = ['attach.ts', 'in-page.ts', 'node-app.ts', 'page.ts', 'stately.ts', 'viewer.ts'];
    expect(documented('inspecting').map(({ name }) => name)).toEqual(names);
    expect(countBlocks('inspecting')).toBe(names.length);
  });

  it('has only code that type-checks', { timeout: 60 * SECONDS }, async () => {
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each([
    ['attach.ts', /^Watch them: http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/],
    ['viewer.ts', /^\[ 'ada' \]\n$/],
  ])('has %s, which runs to its end', { timeout: 120 * SECONDS }, async (name, output) => {
    await ensureInspector();
    const { code, stdout, stderr } = await runSource(fileOf(name));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(output);
  });

  it('has an app in Node, which shows itself', { timeout: 60 * SECONDS }, async () => {
    const apps = new StatelyApps();
    const server = await startServer({ feeds: apps, folder: builtPage() });
    vi.stubEnv('INSPECTOR', server.feedUrl);
    const ended = runSource(fileOf('node-app.ts'));
    const isOn = () => {
      const [row] = apps.rows();
      const entries = (row && apps.look(row.id)?.reel.recording({}).entries) ?? [];
      return entries.some((entry) => entry.kind === 'snapshot' && entry.value === 'on');
    };
    await until(isOn, Number.POSITIVE_INFINITY);
    await server.close();
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('has an app in a page, which shows itself', async () => {
    const opened: string[] = [];
    const posted: unknown[] = [];
    vi.stubGlobal('window', {
      open(url: string) {
        opened.push(url);
        return { postMessage: (message: unknown) => posted.push(message) };
      },
      addEventListener: (_: string, listener: (event: object) => void) =>
        listener({ data: { type: '@statelyai.connected' } }),
      requestIdleCallback: (callback: () => void) => setImmediate(callback),
    });
    await import(pathToFileURL(`${root}/${fileOf('page.ts')}`).href);
    const feed = new StatelyApps().connect();
    await until(() => posted.length >= 3);
    expect(opened).toEqual(['http://127.0.0.1:4040/window']);
    expect(posted.map((message) => feed.receive(message)).filter((wrong) => wrong !== undefined)).toEqual([]);
  });

  it("has an engine in Stately's tools", { timeout: 60 * SECONDS }, async () => {
    const tools = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    cleanups.push(() => tools.close());
    await once(tools, 'listening');
    const told: Array<{ name?: string }> = [];
    tools.on('connection', (socket) => socket.on('message', (data) => told.push(JSON.parse(String(data)))));
    vi.stubEnv('STATELY', `ws://127.0.0.1:${(tools.address() as AddressInfo).port}`);
    const ended = runSource(fileOf('stately.ts'));
    await until(() => told.some(({ name }) => name === 'ada'), Number.POSITIVE_INFINITY);
    for (const socket of tools.clients) socket.close();
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('has every option, with its default', () => {
    const { token: _, ...defaults } = { token: undefined, ...resolveInspectOptions(undefined) };
    for (const [name, value] of Object.entries(defaults)) {
      const shown = JSON.stringify(value).replaceAll('"', "'");
      expect(page).toContain(`| \`${name}\` | \`${shown}\` |`);
    }
    const listed = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...Object.keys(defaults), 'token'].sort());
  });

  it('links to files that exist', () => {
    const targets = [...page.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(`${root}/docs/${target}`))).toEqual([]);
  });
});
