import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import type { InspectorServer, ServerOptions } from '../../src/inspect/server/index.ts';
import { scratchFolder } from '../store/media.ts';
import { type StageOptions, stage } from './stage.ts';

/** A command line whose server is only asked for. */
function asking(options: StageOptions = {}) {
  const asked: ServerOptions[] = [];
  let closed = 0;
  const serveInspector = async (given: ServerOptions): Promise<InspectorServer> => {
    asked.push(given);
    return {
      url: 'http://127.0.0.1:4040/#token=abc',
      feedUrl: 'ws://127.0.0.1:4040/stately?token=def',
      windowUrl: 'http://127.0.0.1:4040/window',
      async close() {
        closed += 1;
      },
    };
  };
  return { ...stage({ serveInspector, ...options }), asked, closed: () => closed };
}

describe('chartroom inspect', () => {
  it('prints the address, serves until Ctrl-C, and ends with 0', async () => {
    const during: number[] = [];
    const { chartroom, asked, closed } = asking({ meanwhile: () => void during.push(closed()) });
    const { code, out, err } = await chartroom('inspect');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('\n\n  http://127.0.0.1:4040/#token=abc\n\nCtrl-C ends it.\n');
    expect([during, closed(), asked.length]).toEqual([[0], 1, 1]);
  });

  it('without more is for this machine, read-only, at 4040 or the next port that is free', async () => {
    const { chartroom, asked } = asking();
    await chartroom('inspect');
    expect(asked[0]).toMatchObject({
      host: '127.0.0.1',
      port: 4040,
      tries: 20,
      allowOrigin: [],
      open: false,
    });
    expect(asked[0]).not.toHaveProperty('token');
  });

  it('takes its options', async () => {
    const { chartroom, asked } = asking();
    const argv = ['--port', '5050', '--host', '0.0.0.0', '--token', 'a_token-of-16chars'];
    const lists = ['--allow', 'send,kill', '--allow', 'create', '--allow-origin', 'http://localhost:5173'];
    expect(await chartroom('inspect', ...argv, ...lists, '--redact', 'a.b, *.c')).toMatchObject({ code: 0 });
    expect(asked[0]).toMatchObject({
      port: 5050,
      tries: 1,
      host: '0.0.0.0',
      token: 'a_token-of-16chars',
      allow: ['send', 'kill', 'create'],
      allowOrigin: ['http://localhost:5173'],
      redact: ['a.b', '*.c'],
    });
  });

  it('opens the browser at a terminal, unless it is told not to', async () => {
    const { chartroom, asked } = asking({ terminal: true });
    await chartroom('inspect');
    await chartroom('inspect', '--no-open');
    expect(asked.map(({ open }) => open)).toEqual([true, false]);
  });

  it('alone says what to put into an XState app', async () => {
    const { out } = await asking().chartroom('inspect');
    expect(out).toContain("createWebSocketInspector({ url: 'ws://127.0.0.1:4040/stately?token=def' })");
    expect(out).toContain("createBrowserInspector({ url: 'http://127.0.0.1:4040/window' })");
  });

  it('takes a file with an ending of JavaScript or TypeScript for a module, .json for a trace, else for a store', async () => {
    const manager = createSessionManager();
    const { chartroom, within, opened } = asking({ modules: { 'app.mts': { manager } } });
    await within('rooms.ts.db', async () => {});
    expect((await chartroom('inspect', 'app.mts#manager')).out).toMatch(
      /^Inspecting the sessions of app.mts#m/,
    );
    expect((await chartroom('inspect', 'rooms.ts.db')).out).toMatch(/^Inspecting rooms.ts.db as it is/);
    expect(opened).toEqual([['rooms.ts.db', true]]);
    expect(await chartroom('inspect', 'no.json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no.json'),
    });
  });

  it.each([
    [['a.db', 'b.db'], '"b.db" is too much.'],
    [[''], 'WHAT is an empty text.'],
    [['--port', '-1'], "Option '--port' argument is ambiguous"],
    [['--port', '70000'], '--port must be an integer from 0 up to 65535; received the number 70000.'],
    [['--port', 'x'], '--port must be a whole number, got "x".'],
    [
      ['--allow', 'send,drop'],
      '--allow must be of send, dispatch, terminate, kill, save, create; received the string "drop".',
    ],
    [['--allow-origin', '*'], "--allow-origin must be an origin such as 'http://localhost:5173'"],
    [['--token', 'short'], '--token must be a text of 16 characters or more of A-Z a-z 0-9 _ -.\n'],
    [['--host', 'http://a'], '--host must be an address or a name'],
    [['--redact', 'a..b'], '--redact must be names with dots between them'],
    [['--bogus'], "Unknown option '--bogus'."],
    [['a.db', '-o', 'x.html'], '--output needs a TRACE.json.'],
    [['a.json', '-o', ''], '--output is an empty text.'],
    [['a.json', '--force'], '--force needs --output.'],
    [['a.json', '--redact', 'messages'], '--redact has no place here: a trace is shown as it is.'],
    [['a.json', '--allow', 'send'], '--allow has no place here: a trace is shown as it is.'],
    [['a.json', '-o', 'x', '--redact', 'a'], '--redact has no place here: a trace is shown as it is.'],
    [['a.json', '-o', 'x', '--port', '1'], '--port has no place here: nothing is served with --output.'],
    [['a.db', '--allow', 'send'], '--allow has no place here: nothing in a store is changed.'],
  ])('%j is wrong usage', async (argv, message) => {
    const { code, out, err } = await asking().chartroom('inspect', ...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`chartroom inspect: ${message}`);
    expect(err).toMatch(/\nTry: chartroom inspect --help\n$/);
  });

  it('--help tells all of its options', async () => {
    const { code, out } = await asking().chartroom('inspect', '--help');
    expect(code).toBe(0);
    for (const flag of [
      'port',
      'host',
      'allow',
      'allow-origin',
      'redact',
      'token',
      'no-open',
      'output',
      'force',
    ])
      expect(out).toContain(`--${flag}`);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).toContain('Exit codes: 0');
  });

  it('-o refuses what is no trace', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'a.json');
    writeFileSync(file, '{}');
    const told = await asking().chartroom('inspect', file, '-o', join(folder, 'a.html'));
    expect(told).toMatchObject({ code: 2, err: expect.stringContaining('Not a trace') });
  });
});
