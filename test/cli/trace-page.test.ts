import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import type { Output, Surroundings } from '../../src/cli/surroundings.ts';
import { readTrace, writeTracePage } from '../../src/cli/trace-page.ts';
import { definitionOf } from '../../src/testing/definition.ts';
import { scratchFolder } from '../store/media.ts';

const VIEWER =
  '<!doctype html><title>x</title><script type="application/json" id="saved-trace"></script><script>1</script>';
const TRACE = {
  format: 'chartroom-trace',
  version: 1,
  kind: 'machine',
  subject: 'lamp </script><script>alert(1)</script>',
  seed: 1,
  path: '',
  definitions: {},
  steps: [],
  entries: [],
  run: null,
};

function place(trace: unknown = TRACE) {
  const folder = scratchFolder();
  const told = { out: '', err: '' };
  const to = (name: 'out' | 'err'): Output => ({
    isTTY: false,
    colours: false,
    write(text) {
      told[name] += text;
      return true;
    },
  });
  const [file, output, built] = ['trace.json', 'out.html', 'built'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(file, typeof trace === 'string' ? trace : JSON.stringify(trace));
  mkdirSync(built);
  writeFileSync(join(built, 'viewer.html'), VIEWER);
  const surroundings = { stdout: to('out'), stderr: to('err') } as Surroundings;
  const write = (force = false, from = built) => writeTracePage(file, output, force, surroundings, from);
  return { file, output, told, write };
}
const savedIn = (page: string) =>
  JSON.parse(/id="saved-trace">(.*?)<\/script>/s.exec(page)?.[1] ?? 'nothing');

describe('a trace as a page', () => {
  it('holds the trace, and the drawing of each of its charts', async () => {
    const lamp = createMachine({
      id: 'lamp',
      initial: 'off',
      states: { off: { on: { press: 'on' } }, on: {} },
    });
    const { output, told, write } = place({ ...TRACE, definitions: { lamp: definitionOf(lamp) } });
    await write();
    const { trace, drawings } = savedIn(readFileSync(output, 'utf8'));
    expect(trace).toMatchObject({ subject: TRACE.subject });
    expect(Object.values(drawings)).toMatchObject([{ width: expect.any(Number) }]);
    expect(told).toEqual({ out: `Wrote ${output}: it opens in any browser, without a network.\n`, err: '' });
  });

  it('runs nothing of what a hostile trace holds', async () => {
    const { output, write } = place();
    await write();
    const page = readFileSync(output, 'utf8');
    expect(page).not.toContain('<script>alert');
    expect(savedIn(page).trace.subject).toBe(TRACE.subject);
  });

  it('is written though a chart cannot be drawn, which is said', async () => {
    const { output, told, write } = place({ ...TRACE, definitions: { 'odd\u001b[2J': 'no chart' } });
    await write();
    expect(Object.keys(savedIn(readFileSync(output, 'utf8')).drawings)).toEqual([]);
    expect(told.err).toMatch(/^chartroom inspect: odd\\u\{1b\}\[2J is shown as an outline: /);
  });

  it('replaces no file unless it is told to', async () => {
    const { output, write } = place();
    writeFileSync(output, 'mine');
    await expect(write()).rejects.toThrow('--force replaces it');
    expect(readFileSync(output, 'utf8')).toBe('mine');
    await write(true);
    expect(readFileSync(output, 'utf8')).toContain('saved-trace');
  });

  it('wants the built viewer', async () => {
    const { output, write } = place();
    await expect(write(false, scratchFolder())).rejects.toThrow('npm run build');
    expect(existsSync(output)).toBe(false);
  });
});

describe('a file that is no trace', () => {
  it.each([
    ['{"format":', 'JSON'],
    ['{}', 'Not a trace'],
    [JSON.stringify({ ...TRACE, version: 2 }), 'version 2'],
  ])('%j is refused in words', (text, words) => {
    const { file } = place(text);
    expect(() => readTrace(file)).toThrow(words);
  });
});
