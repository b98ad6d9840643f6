import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACTIONS, PROTOCOL } from '../src/inspect/index.ts';
import { root } from './support/source-tree.ts';

const page = readFileSync(`${root}/docs/inspector-protocol.md`, 'utf8');
const source = readFileSync(`${root}/src/inspect/protocol.ts`, 'utf8');
const code = source.replace(/\/\*\*.*?\*\//gs, '').replace(/\/\/.*$/gm, '');
const section = (heading: string) => page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
const typesIn = (name: string) => {
  const union = code.split(`export type ${name} =`)[1]?.split(/^export /m)[0] ?? '';
  return [...union.matchAll(/readonly type: '(\w+)'/g)].map(([, type]) => type);
};
const rowsOf = (part: string) => [...part.matchAll(/^\| `(\w+)` \|/gm)].map(([, type]) => type);

describe('docs/inspector-protocol.md', () => {
  it('is of the version that is spoken', () => {
    expect(page).toContain(`\`${PROTOCOL}\``);
  });

  it.each([
    ['From the viewer', 'ViewerMessage', 4],
    ['From the inspector', 'InspectorMessage', 11],
  ])('has under "%s" every message there is, and no other', (heading, name, count) => {
    const types = typesIn(name);
    expect(types).toHaveLength(count);
    const listed = rowsOf(section(heading).split(/^### /m)[0] ?? '').filter((type) => types.includes(type));
    expect(listed).toEqual(types);
  });

  it('has every field', () => {
    const body = code.slice(
      code.indexOf('export interface FleetRow'),
      code.indexOf('export interface ViewerChannel'),
    );
    const fields = new Set([...body.matchAll(/readonly (\w+)\??:/g)].map(([, field = '']) => field));
    expect(fields.size).toBeGreaterThan(50);
    expect([...fields].filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  });

  it('has every action', () => {
    const part = section('From the viewer');
    expect(ACTIONS.filter((action) => !part.includes(`\`${action}\``))).toEqual([]);
  });

  it('links to files that exist', () => {
    const targets = [...page.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !existsSync(`${root}/docs/${target}`))).toEqual([]);
  });
});
