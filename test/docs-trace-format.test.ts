import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { checkTrace, parseTrace, VerificationError, verifyMachine } from '../src/testing/index.ts';
import { root } from './support/source-tree.ts';

const page = readFileSync(`${root}/docs/trace-format.md`, 'utf8');
const source = readFileSync(`${root}/src/testing/trace.ts`, 'utf8');
const example = /^```json\n(.*?)^```$/ms.exec(page)?.[1] ?? '';

describe('docs/trace-format.md', () => {
  it('has every field and every kind of entry that the types have', () => {
    const types = source.slice(0, source.indexOf('export function'));
    const fields = [...types.matchAll(/readonly (\w+)\??:/g)].map(([, name = '']) => name);
    const kinds = [...types.matchAll(/readonly kind: '(\w+)'/g)].map(([, kind = '']) => kind);
    expect(fields).toEqual(expect.arrayContaining(['format', 'steps', 'atMs', 'fact', 'label', 'failure']));
    expect(kinds).toHaveLength(7);
    expect([...fields, ...kinds].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('has an example that is a trace', () => {
    expect(parseTrace(example).subject).toBe('lamp');
  });

  it('has the example that a verification writes', async () => {
    const lamp = createMachine({
      id: 'lamp',
      initial: 'off',
      states: { off: { on: { press: 'on' } }, on: {} },
    });
    const failure: unknown = await verifyMachine(lamp, {
      invariants: { 'it is dark': (snapshot) => !snapshot.matches('on') },
      seed: 1,
      traceFolder: false,
    }).catch((error) => error);
    if (!(failure instanceof VerificationError)) throw failure;
    expect({ ...failure.trace, definitions: {} }).toEqual(JSON.parse(example));
    expect(Object.keys(failure.trace.definitions)).toEqual(['lamp']);
  });

  it('says what a reader says of a newer version, and what it passes over', () => {
    const trace = JSON.parse(example);
    const refuse = () => checkTrace({ ...trace, version: 2 });
    expect(refuse).toThrow(TypeError);
    let said = '';
    try {
      refuse();
    } catch (error) {
      said = (error as Error).message;
    }
    expect(page).toContain(said);
    const newer = { ...trace, newer: true, entries: [...trace.entries, { kind: 'newer' }] };
    expect(checkTrace(newer)).toBe(newer);
  });

  it('links to files that exist', () => {
    const targets = [...page.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(`${root}/docs/${target}`))).toEqual([]);
  });
});
