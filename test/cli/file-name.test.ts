import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNames } from '../../src/cli/file-name.ts';

const names = (ids: readonly string[], present?: readonly string[]) => [...fileNames(ids, present).values()];

describe('the file of a session', () => {
  it('is called like it, wherever that is safe', () => {
    const ids = ['ada', 'Ada2', 'session_1b-2', 'a.b', '-rf', 'con-man', 'x'.repeat(128)];
    expect(names(ids)).toEqual(ids.map((id) => `${id}.json`));
  });

  it('is marked where Windows would take the name for something else', () => {
    expect(names(['room:1', 'CON', 'nul.x', 'com1', 'LPT9.a.b'])).toEqual([
      'room_1~4217a7ce1ff7.json',
      '_CON~a3dbc4b644a9.json',
      expect.stringMatching(/^_nul\.x~[0-9a-f]{12}\.json$/),
      expect.stringMatching(/^_com1~[0-9a-f]{12}\.json$/),
      expect.stringMatching(/^_LPT9\.a\.b~[0-9a-f]{12}\.json$/),
    ]);
  });

  it('is marked where two differ in nothing but case, one of which may be in the folder already', () => {
    const marked = (id: string) => expect.stringMatching(new RegExp(`^${id}~[0-9a-f]{12}\\.json$`));
    expect(names(['ada', 'Ada', 'bob'])).toEqual([marked('ada'), marked('Ada'), 'bob.json']);
    expect(names(['ada', 'bob'], ['ADA.json', 'bob.json'])).toEqual([marked('ada'), 'bob.json']);
  });

  it('is another for each id, on every file system, and never leads out of its folder', () => {
    const id = fc
      .stringMatching(/^[A-Za-z0-9_:-][A-Za-z0-9_.:-]{0,6}$/)
      .filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 40 }), (ids) => {
        const found = names(ids);
        expect(new Set(found.map((name) => name.toLowerCase())).size).toBe(ids.length);
        for (const name of found) expect(name).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9_.~-]*\.json$/);
      }),
    );
  });

  it.each(['', '..', '../x', 'a/b', 'a\\b', 'a\0', '__proto__', '.x'])('%j has none', (id) => {
    expect(() => fileNames(['ada', id])).toThrow(expect.objectContaining({ code: 'INVALID_SESSION_ID' }));
  });
});
