import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { importModule, loadTesting, loadVerifications } from '../../src/cli/modules.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartroom-modules-'));
  writeFileSync(join(folder, 'good.ts'), 'export const lamp: { on: boolean } = { on: true };');
  writeFileSync(join(folder, 'bad.mjs'), "import 'a-package-that-nobody-has';");
  writeFileSync(join(folder, 'wrong.mjs'), 'throw new Error("it does not work today");');
});
afterAll(() => rmSync(folder, { recursive: true }));

const machine = createMachine({ id: 'lamp', initial: 'off', states: { off: {} } });
const nameless = createMachine({ initial: 'off', states: { off: {} } });
const client = { client: () => {} };

async function found(exported: Record<string, unknown>, where = 'lamp.ts') {
  const asked: string[] = [];
  const surroundings = {
    async importModule(file: string) {
      asked.push(file);
      return exported;
    },
  } as unknown as Surroundings;
  const all = await loadVerifications(surroundings, await loadTesting(), where);
  return { asked, names: all.map(({ name }) => name), all };
}

describe('what there is to verify in a module', () => {
  it('is every machine, client and store that it exports', async () => {
    const { names, asked } = await found({
      machine,
      rooms: client,
      disk: { store: () => {} },
      VERSION: 3,
      help() {},
    });
    expect(names).toEqual(['lamp', 'rooms', 'disk']);
    expect(asked).toEqual(['lamp.ts']);
  });

  it('is the one export that is named', async () => {
    const { names, asked } = await found({ machine, rooms: client }, 'src/lamp.ts#rooms');
    expect({ names, asked }).toEqual({ names: ['rooms'], asked: ['src/lamp.ts'] });
  });

  it('is in a file whose path has a # in it, when there is such a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'a #folder'));
    const file = join(folder, 'lamp.ts');
    writeFileSync(file, '');
    try {
      expect((await found({ machine }, file)).asked).toEqual([file]);
      expect((await found({ machine }, `${file}#machine`)).asked).toEqual([file]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is called by its own name, its machine’s id, or the name of the export', async () => {
    const { names } = await found({ a: { ...client, name: 'my rooms' }, b: { machine }, c: nameless });
    expect(names).toEqual(['my rooms', 'lamp', 'c']);
  });

  it('is verified once when it is the default export besides', async () => {
    expect((await found({ default: nameless, porch: nameless })).names).toEqual(['porch']);
    expect((await found({ porch: nameless, zzz: 1, default: nameless })).names).toEqual(['porch']);
  });

  it.each([
    ['nothing at all', {}, 'm.ts', /exports nothing to verify: .* It exports nothing\./],
    ['nothing to verify', { a: 1, b: null }, 'm.ts', /It exports a, b\./],
    ['no export of that name', { a: 1 }, 'm.ts#b', /m\.ts exports no b; it exports a\./],
    [
      'an export of that name that is something else',
      { a: 1 },
      'm.ts#a',
      /The export a of m\.ts is nothing to verify/,
    ],
  ])('refuses a module with %s', async (_what, exported, where, message) => {
    await expect(found(exported, where)).rejects.toThrow(message);
    await expect(found(exported, where)).rejects.toMatchObject({ name: 'UsageError' });
  });
});

describe('a module', () => {
  it('may be TypeScript', async () => {
    expect(await importModule(join(folder, 'good.ts'))).toMatchObject({ lamp: { on: true } });
  });

  it('that is not there is wrong usage', async () => {
    const missing = join(folder, 'missing.ts');
    await expect(importModule(missing)).rejects.toMatchObject({
      name: 'UsageError',
      message: `There is no module ${missing}.`,
    });
  });

  it('that fails says why itself', async () => {
    await expect(importModule(join(folder, 'wrong.mjs'))).rejects.toThrow(
      /wrong\.mjs could not be loaded: it does not work today/,
    );
    await expect(importModule(join(folder, 'bad.mjs'))).rejects.toThrow('a-package-that-nobody-has');
  });
});
