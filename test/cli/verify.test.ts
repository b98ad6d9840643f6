import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import type { TestEnv } from '../../src/testing/index.ts';
import { stage } from './stage.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartroom-cli-verify-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lamp = setup({}).createMachine({
  id: 'lamp',
  initial: 'off',
  states: {
    off: { on: { press: 'on' } },
    on: { on: { press: 'off', burn: 'burnt' } },
    burnt: { type: 'final' },
  },
});
const counter = setup({ types: { context: {} as { count: number } } }).createMachine({
  id: 'counter',
  context: { count: 0 },
  on: { more: { actions: assign({ count: ({ context }) => context.count + 1 }) } },
});
const few = {
  machine: counter,
  invariants: { 'at most two': ({ context }: { context: { count: number } }) => context.count <= 2 },
};
const rooms = { client: ({ options }: TestEnv) => createSessionManager(options), runs: 3 };
const hasty = {
  client: ({ options }: TestEnv) => {
    const manager = createSessionManager(options);
    const close = manager.close.bind(manager);
    return Object.assign(manager, { close: () => close().then(() => new Promise(() => {})) });
  },
};
const disk = { store: () => memoryStore() };
const modules = {
  'lamp.ts': { lamp },
  'few.ts': { few },
  'rooms.ts': { rooms },
  'hasty.ts': { hasty },
  'disk.ts': { disk },
  'all.ts': { lamp, few, rooms },
};
const on = () => stage({ modules });

describe('chartroom verify', () => {
  it('tells of a machine what was run, what was reached and the seed, and ends with 0', async () => {
    const { code, out, err } = await on().chartroom('verify', 'lamp.ts', '--seed', '7', '--runs', '20');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^lamp: \d+ runs, \d states, 3 transitions; nothing is broken \(seed 7\)\.\n/);
  });

  it('shows the smallest run that breaks something, how to see it again, and ends with 1', async () => {
    const { code, out } = await on().chartroom('verify', 'few.ts', '--seed', '7', '--trace-folder', folder);
    expect(code).toBe(1);
    expect(out).toMatch(/^counter breaks "at most two"/);
    expect(out.match(/\. more/g)).toHaveLength(3);
    expect(out).toContain('Again: { seed: 7');
    expect(readdirSync(folder)).toContain('counter-7.trace.json');
  });

  it('verifies clients by the options that they come with and those that are given', async () => {
    const { code, out } = await on().chartroom('verify', 'rooms.ts', '--seed', '3', '--steps', '5');
    expect(code).toBe(0);
    expect(out).toMatch(/^rooms: 3 runs, .*\(seed 3\)\.\n {2}never taken:\n {4}/);
    const more = await on().chartroom('verify', 'rooms.ts', '--runs', '4', '--steps', '5');
    expect(more.out).toMatch(/^rooms: 4 runs/);
  });

  it('tells what a client breaks', async () => {
    const { code, out } = await on().chartroom('verify', 'hasty.ts', '--runs', '5', '--trace-folder', folder);
    expect(code).toBe(1);
    expect(out).toMatch(/^hasty breaks "[^"]+": /);
  });

  it('plays the contract of stores', async () => {
    const { code, out } = await on().chartroom('verify', 'disk.ts');
    expect(code).toBe(0);
    expect(out).toMatch(/^disk: 1\d\d promises kept\.\n$/);
  });

  it('tells which promises a store breaks, what came and how to mend it', async () => {
    const broken = { open: () => Promise.reject(new Error('no disk')) };
    const { chartroom } = stage({ modules: { 'broken.ts': { broken: { store: () => broken } } } });
    const { code, out } = await chartroom('verify', 'broken.ts');
    expect(code).toBe(1);
    expect(out).toContain('broken: append: ');
    expect(out).toContain('no disk');
    expect(out).toMatch(/broken: 0 promises kept, 1\d\d broken\.\n$/);
  });

  it('goes on to the next when one is broken', async () => {
    const { code, out } = await on().chartroom('verify', 'all.ts', '--runs', '3', '--trace-folder', folder);
    expect(code).toBe(1);
    expect(out).toMatch(/^lamp: .*^counter breaks .*^rooms: 3 runs/ms);
  });

  it('takes one export by its name', async () => {
    const { code, out } = await on().chartroom('verify', 'all.ts#lamp', '--runs', '3');
    expect({ code, lines: out.match(/nothing is broken/g) }).toEqual({
      code: 0,
      lines: ['nothing is broken'],
    });
  });

  it('writes a JSON object for each with --json', async () => {
    const argv = ['verify', 'all.ts', '--runs', '3', '--seed', '5', '--json', '--trace-folder', folder];
    const lines = (await on().chartroom(...argv)).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { name: 'lamp', ok: true, seed: 5, neverTaken: expect.any(Array) },
      {
        name: 'counter',
        ok: false,
        invariant: 'at most two',
        reason: expect.stringMatching(/does not hold/),
        seed: 5,
      },
      { name: 'rooms', ok: true, runs: 3 },
    ]);
    const [first] = (await on().chartroom('verify', 'disk.ts', '--json')).out.split('\n');
    expect(JSON.parse(String(first))).toMatchObject({ name: 'disk', ok: true, title: expect.any(String) });
  });

  it('keeps a failure, and makes that run first the next time', async () => {
    const regressions = join(folder, 'kept.json');
    const argv = ['verify', 'few.ts', '--trace-folder', folder, '--regressions', regressions];
    await on().chartroom(...argv);
    expect((await on().chartroom(...argv)).out).toContain('The kept run "counter: at most two" does so:');
  });

  it('asks --terminate whether it can always be ended by that event', async () => {
    const { code, out } = await on().chartroom(
      'verify',
      'lamp.ts',
      '--terminate',
      'press',
      '--trace-folder',
      folder,
    );
    expect(code).toBe(1);
    expect(out).toMatch(/^lamp breaks "/);
  });

  it('shows how far it is, on stderr', async () => {
    let ms = 0;
    const clock = () => {
      ms += 20_000;
      return ms;
    };
    const { chartroom } = stage({ modules, now: clock });
    const { err } = await chartroom('verify', 'rooms.ts');
    expect(err).toMatch(/^rooms: 3 of 3 runs, \d states, \d transitions, [\d,]+ runs\/s …\n$/m);
  });
});

describe('chartroom verify --replay', () => {
  async function traceOf(module: string): Promise<string> {
    const into = mkdtempSync(join(folder, 'trace-'));
    await on().chartroom('verify', module, '--seed', '7', '--trace-folder', into);
    return join(into, String(readdirSync(into)[0]));
  }

  it('makes a run again step by step, and ends with 1 while it fails', async () => {
    const trace = await traceOf('few.ts');
    const { code, out } = await on().chartroom('verify', '--replay', trace, 'few.ts');
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}1\. .*\n {2}\d+\. more\n.*It still breaks "at most two": /s);
  });

  it('says that it fails no more, and where it goes another way, and ends with 0', async () => {
    const trace = await traceOf('few.ts');
    const capped = setup({ types: { context: {} as { count: number } } }).createMachine({
      id: 'counter',
      context: { count: 0 },
      on: { more: { actions: assign({ count: ({ context }) => Math.min(2, context.count + 1) }) } },
    });
    const { chartroom } = stage({ modules: { 'mended.ts': { few: { ...few, machine: capped } } } });
    const { code, out } = await chartroom('verify', '--replay', trace, 'mended.ts');
    expect(code).toBe(0);
    expect(out).toMatch(/It does not break "at most two" any more\. It goes another way: /);
  });

  it('wants no module for a client when it is chartroom’s own', async () => {
    const trace = await traceOf('hasty.ts');
    const own = await on().chartroom('verify', '--replay', trace);
    expect(own.out).toMatch(/It does not break "[^"]+" any more\./);
    expect(own.code).toBe(0);
    const again = await on().chartroom('verify', '--replay', trace, 'hasty.ts', '--json');
    expect(JSON.parse(again.out)).toMatchObject({ reproduced: true });
  });

  it('refuses what is no trace, and a module that does not fit', async () => {
    const text = join(folder, 'no-trace.json');
    writeFileSync(text, '{}');
    const { code, err } = await on().chartroom('verify', '--replay', text);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^chartroom verify: \S+no-trace\.json: Not a trace: expected "format": "chartroom-trace"/,
    );
    const trace = await traceOf('few.ts');
    const unfit = await on().chartroom('verify', '--replay', trace, 'rooms.ts');
    expect(unfit).toMatchObject({
      code: 2,
      err: expect.stringMatching(/rooms\.ts exports no machine, of which/),
    });
    const alone = await on().chartroom('verify', '--replay', trace);
    expect(alone).toMatchObject({
      code: 1,
      err: expect.stringMatching(/of the machine "counter", and holds no code/),
    });
  });
});

describe('chartroom verify refuses', () => {
  it('options of a module that make no sense, and says of which export', async () => {
    const { chartroom } = stage({ modules: { 'odd.ts': { odd: { machine: lamp, run: 5 } } } });
    const { code, err } = await chartroom('verify', 'odd.ts');
    expect(code).toBe(2);
    expect(err).toMatch(/^chartroom verify: lamp: options has no "run"/);
  });

  it.each([
    [['lamp.ts', '--runs', '0'], /--runs must be a whole number of at least 1, got "0"/],
    [['lamp.ts', '--runs', 'many'], /--runs must be/],
    [['lamp.ts', '--seed', 'x'], /--seed must be a whole number, got "x"/],
    [['lamp.ts', '--path', '3'], /--path belongs to a --seed/],
    [[], /MODULE is missing/],
    [['lamp.ts', 'few.ts'], /"few\.ts" is too much/],
    [['lamp.ts', '--fast'], /--fast/],
  ])('%j', async (argv, message) => {
    const { code, err } = await on().chartroom('verify', ...argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
