import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../support/source-tree.ts';
import { applyEdit, type Bug } from './bug.ts';
import { bugs } from './bugs.ts';

/** What the suite was designed to catch; the others have come since. */
const REQUIRED = [
  'id reserved after the first await',
  'create completes after terminate',
  'terminate not idempotent',
  'durable row not deleted',
  'agent not stopped',
  'restart limit ignored',
  'limit off by one',
  'acknowledged before durable',
  'send accepted while terminating',
  'context shared between sessions',
  '`terminated` before `terminating`',
  'a throwing subscriber stops the others',
  'restart loses state',
  'kill hits a sibling',
  'close leaves promises pending',
  'failed create keeps its entry',
  'terminate during initializing hangs',
  'sends not in order',
  'read-modify-write across an await',
  "recovery drops the log's tail",
  'recovery applies the last entry twice',
  'recovery stops at the first bad row',
  'no fencing',
  'a failed create frees an id that a terminate still owns',
];

/** The files as the bug leaves them. */
function seeded({ edits }: Bug): Map<string, string> {
  const files = new Map<string, string>();
  for (const edit of edits) {
    const source = files.get(edit.file) ?? readFileSync(`${root}/${edit.file}`, 'utf8');
    files.set(edit.file, applyEdit(source, edit));
  }
  return files;
}

describe('the seeded bugs', () => {
  it('are those that were asked for, and as many again', () => {
    const titles = bugs.map(({ title }) => title);
    expect(REQUIRED.filter((title) => !titles.includes(title))).toEqual([]);
    expect(titles.length).toBeGreaterThanOrEqual(2 * REQUIRED.length + 2);
  });

  it('have each a title of its own', () => {
    expect(new Set(bugs.map(({ title }) => title)).size).toBe(bugs.length);
  });

  it('change the engine in ways of their own', () => {
    const changes = bugs.map(({ edits }) => JSON.stringify(edits));
    expect(new Set(changes).size).toBe(bugs.length);
  });

  it.each(bugs)('fit the engine as it is: $title', (bug) => {
    expect(bug.edits.length).toBeGreaterThan(0);
    for (const [file, text] of seeded(bug)) {
      expect(file).toMatch(/^(src|machines)\/.*\.ts$/);
      expect(text).not.toBe(readFileSync(`${root}/${file}`, 'utf8'));
    }
  });
});

describe('applyEdit', () => {
  const edit = { file: 'src/a.ts', find: 'one', replace: "$& and $'" };

  it('replaces the one place, and takes no character of it for a pattern', () => {
    expect(applyEdit('as one is', edit)).toBe("as $& and $' is");
  });

  it.each(['no place', 'one one'])('refuses a text that is not there once: %s', (source) => {
    expect(() => applyEdit(source, edit)).toThrow(/^src\/a\.ts holds [02] times, not once:\none$/);
  });
});
