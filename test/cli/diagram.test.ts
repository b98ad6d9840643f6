import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { definitionOf } from '../../src/testing/definition.ts';
import { stage } from './stage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartroom-cli-diagram-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lamp = createMachine({
  id: 'lamp',
  initial: 'off',
  states: { off: { on: { press: 'on' } }, on: { after: { 5000: 'off' } } },
});
const bell = createMachine({ id: 'bell' });
const many = createMachine({
  initial: 's0',
  states: Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`s${index}`, {}])),
});
const tooMany = createMachine({
  initial: 's0',
  states: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`s${index}`, {}])),
});
const { chartroom } = stage({
  modules: {
    'lamp.ts': { lamp, VERSION: 3 },
    'both.ts': { lamp, bell, default: bell },
    'none.ts': { a: 1, config: lamp.config },
    'many.ts': { many },
    'tooMany.ts': { tooMany },
  },
});
const inFolder = (name: string) => join(folder, name);

describe('chartroom diagram', () => {
  it('writes a picture of the machine that a module exports', async () => {
    const { code, out, err } = await chartroom('diagram', 'lamp.ts');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^<svg .*class="chartroom-diagram light"[\s\S]*<\/svg>\n$/);
    expect(out).toContain('data-state="on"');
  });

  it('in dark, when asked for', async () => {
    expect((await chartroom('diagram', 'lamp.ts', '--theme', 'dark')).out).toContain(
      'chartroom-diagram dark',
    );
  });

  it.each([
    ['svg', /^<svg /],
    ['mmd', /^stateDiagram-v2\n/],
    ['txt', /^lamp\n {2}off \(initial\)\n/],
  ])('writes a new file of what its name says: .%s', async (extension, begins) => {
    const file = inFolder(`lamp.${extension}`);
    expect(await chartroom('diagram', 'lamp.ts', '-o', file)).toEqual({
      code: 0,
      out: `${file}: lamp, 2 states, 2 transitions.\n`,
      err: '',
    });
    expect(readFileSync(file, 'utf8')).toMatch(begins);
  });

  it('writes what --format says, whatever the name', async () => {
    expect((await chartroom('diagram', 'lamp.ts', '--format', 'mmd')).out).toMatch(/^stateDiagram-v2\n/);
    await chartroom('diagram', 'lamp.ts', '-o', inFolder('lamp'), '--format', 'txt');
    expect(readFileSync(inFolder('lamp'), 'utf8')).toMatch(/^lamp\n/);
  });

  it('replaces a file only when it is told to', async () => {
    const file = inFolder('lamp.txt');
    writeFileSync(file, 'mine');
    const { code, err } = await chartroom('diagram', 'lamp.ts', '-o', file);
    expect({ code, err }).toEqual({
      code: 1,
      err: `chartroom diagram: ${file} is there already; --force replaces it.\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await chartroom('diagram', 'lamp.ts', '-o', file, '--force')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^lamp\n/);
  });

  it('names the machines when there are several, and draws the one behind the #', async () => {
    const { code, err } = await chartroom('diagram', 'both.ts');
    expect(code).toBe(2);
    expect(err).toContain('both.ts has 2 machines; name one behind a #: lamp, bell.');
    expect((await chartroom('diagram', 'both.ts#bell', '--format', 'txt')).out).toBe('bell\n');
    expect((await chartroom('diagram', 'both.ts#default', '--format', 'txt')).out).toBe('bell\n');
  });

  it('says that it lays out when that takes a while', async () => {
    expect((await chartroom('diagram', 'many.ts')).err).toBe('Laying out 81 states …\n');
  });

  it('fails where no picture can be drawn, and says what can', async () => {
    const { code, out, err } = await chartroom('diagram', 'tooMany.ts', '-o', inFolder('x.svg'));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /300 on its first level alone\. Its outline has them all\. Mermaid and text need no layout: -o NAME\.mmd, -o NAME\.txt/,
    );
    expect(err).not.toContain('..');
    expect(existsSync(inFolder('x.svg'))).toBe(false);
    expect((await chartroom('diagram', 'tooMany.ts', '--format', 'txt')).code).toBe(0);
  });
});

describe('chartroom diagram of a file of JSON', () => {
  const written = (content: unknown) => {
    writeFileSync(inFolder('a.json'), typeof content === 'string' ? content : JSON.stringify(content));
    return inFolder('a.json');
  };
  const text = async (where: string) => {
    const { code, out, err } = await chartroom('diagram', where, '--format', 'txt');
    return { code, said: out + err };
  };

  const trace = {
    format: 'chartroom-trace',
    version: 1,
    kind: 'recording',
    subject: 'lamps',
    seed: 0,
    path: '',
    definitions: {},
    steps: [],
    entries: [],
    run: null,
  };

  it('draws a chart of a trace', async () => {
    const file = written({ ...trace, definitions: { lamp: definitionOf(lamp), bell: definitionOf(bell) } });
    expect((await text(`${file}#lamp`)).said).toContain('after 5 s → off');
    expect(await text(file)).toMatchObject({
      code: 2,
      said: expect.stringContaining('2 machines; name one behind a #: lamp, bell'),
    });
    expect(await text(`${file}#horn`)).toMatchObject({
      code: 2,
      said: expect.stringContaining('has no chart horn; it has lamp, bell.'),
    });
    expect((await text(written({ definitions: {} }))).said).toContain('has no chart at all; it has none.');
  });

  it('draws a definition, and a config', async () => {
    expect((await text(written(definitionOf(lamp)))).said).toContain('press → on');
    expect((await text(written(lamp.config))).said).toContain('press → on');
  });

  it.each([
    ['no JSON', '{', /is not JSON/],
    ['no object', '[1]', /holds no JSON object/],
    ['no machine', '{ "type": "module" }', /no definition of a machine/],
    [
      'what has nothing of a machine',
      '{ "compilerOptions": {} }',
      /neither a trace, nor .* none of id, states/,
    ],
    ['a trace of another version', JSON.stringify({ ...trace, version: 2 }), /A trace of version 2; this/],
    ['a trace that was cut off', JSON.stringify({ ...trace, definitions: undefined }), /Not a whole trace/],
  ])('fails with %s', async (_what, content, message) => {
    const { code, said } = await text(written(content));
    expect(code).toBe(1);
    expect(said).toMatch(message);
  });

  it('fails without the file', async () => {
    expect(await text(inFolder('b.json'))).toMatchObject({
      code: 1,
      said: expect.stringContaining('no such file'),
    });
  });
});

describe('the usage of chartroom diagram', () => {
  it.each([
    ['no module', [], 'MODULE is missing.'],
    [
      'a module without a machine',
      ['none.ts'],
      'none.ts exports no machine of XState; it exports a, config.',
    ],
    ['an export that is none', ['none.ts#a'], 'The export a of none.ts is no machine of XState.'],
    ['an export that is not there', ['lamp.ts#horn'], 'lamp.ts exports no horn; it exports lamp, VERSION.'],
    [
      'a name that does not say what to draw',
      ['lamp.ts', '-o', 'a.pdf'],
      'a.pdf must end in .svg, .mmd or .txt, or --format say which it is.',
    ],
    [
      'a format that there is not',
      ['lamp.ts', '--format', 'pdf'],
      '--format must be svg, mmd or txt, got "pdf".',
    ],
    [
      'a theme that there is not',
      ['lamp.ts', '--theme', 'pink'],
      '--theme must be light or dark, got "pink".',
    ],
    [
      'a theme for a text',
      ['lamp.ts', '--theme', 'dark', '--format', 'txt'],
      '--theme is for pictures, which end in .svg.',
    ],
  ])('is wrong with %s', async (_what, argv, message) => {
    expect(await chartroom('diagram', ...argv)).toEqual({
      code: 2,
      out: '',
      err: `chartroom diagram: ${message}\nTry: chartroom diagram --help\n`,
    });
  });

  it('is told by --help', async () => {
    const { code, out } = await chartroom('diagram', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: chartroom diagram MODULE/);
  });
});
