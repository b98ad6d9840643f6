import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagram as command } from '../../src/cli/diagram.ts';
import { MAX_DEPTH, MAX_EDGES, MAX_STATES } from '../../src/diagram/chart.ts';
import * as entry from '../../src/diagram/index.ts';
import { root } from '../support/source-tree.ts';

const page = readFileSync(`${root}/docs/diagrams.md`, 'utf8');

describe('docs/diagrams.md', () => {
  it('names what the entry exports', () => {
    const imported = /import \{ (.+) \} from 'chartroom\/diagram'/.exec(page)?.[1]?.split(', ') ?? [];
    expect(imported.length).toBeGreaterThan(3);
    expect(imported.filter((name) => !(name in entry))).toEqual([]);
    for (const name of Object.keys(entry))
      if (!name.startsWith('is') && name !== 'edgeLabel') expect(page).toContain(name);
  });

  it('has the options of the command line', () => {
    const used = [...page.matchAll(/chartroom diagram ([^#\n]*)/g)].flatMap(
      ([, argv = '']) => argv.match(/--?[a-z]+\b/g) ?? [],
    );
    expect(used).toContain('-o');
    for (const option of used) expect(command.help).toContain(option);
  });

  it('has every code of an error and every limit', () => {
    const codes = [
      'INVALID_DEFINITION',
      'TOO_LARGE',
      'LAYOUT_MISSING',
      'LAYOUT_FAILED',
    ] satisfies entry.DiagramErrorCode[];
    for (const code of codes) expect(page).toContain(`| \`${code}\` |`);
    for (const limit of [MAX_STATES, MAX_EDGES, MAX_DEPTH])
      expect(page).toContain(limit.toLocaleString('en'));
  });

  it('leads only to files that are there', () => {
    const targets = [...page.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(0);
    expect(targets.filter((target) => !existsSync(`${root}/docs/${target}`))).toEqual([]);
  });
});
