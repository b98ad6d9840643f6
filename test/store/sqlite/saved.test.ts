import { describe, expect, it } from 'vitest';
import { scratchFolder } from './scratch-folder.ts';
import { openFile, tamper } from './stage.ts';

const file = scratchFolder();

describe('saved sessions', () => {
  it('are listed in the order in which they were first put', () => {
    const store = openFile(file());
    store.write(() => {
      for (const id of ['b', 'a', 'c']) store.saved.put({ id, document: `"${id}1"` });
      store.saved.put({ id: 'b', document: '"b2"' });
    });
    expect(JSON.parse(store.saved.list())).toEqual(['b2', 'a1', 'c1']);
    store.close();
  });

  it.each([
    `UPDATE saved SET document = '"x"' WHERE id = 'a'`,
    `UPDATE saved SET checksum = 0 WHERE id = 'a'`,
    `UPDATE saved SET id = 'z' WHERE id = 'b'; UPDATE saved SET document = '"b1"' WHERE id = 'a'`,
  ])('that are not what was put are STORE_CORRUPT by id, and not in the list: %s', (sql) => {
    const path = file();
    const store = openFile(path);
    store.write(() => {
      for (const id of ['a', 'b', 'c']) store.saved.put({ id, document: `"${id}1"` });
    });
    tamper(path, sql);
    expect(() => store.saved.get('a')).toThrow(
      expect.objectContaining({
        code: 'STORE_CORRUPT',
        sessionId: 'a',
        message: expect.stringContaining('The saved session "a" cannot be read'),
      }),
    );
    expect(JSON.parse(store.saved.list())).toEqual(sql.includes("'z'") ? ['c1'] : ['b1', 'c1']);
    expect(JSON.parse(store.saved.ids())).toEqual(sql.includes("'z'") ? ['a', 'z', 'c'] : ['a', 'b', 'c']);
    store.write(() => store.saved.put({ id: 'a', document: '"a2"' }));
    expect(store.saved.get('a')).toBe('"a2"');
    store.close();
  });

  it('that are not what was put can be deleted', () => {
    const path = file();
    const store = openFile(path);
    store.write(() => store.saved.put({ id: 'a', document: '1' }));
    tamper(path, 'UPDATE saved SET document = 2');
    expect(store.write(() => store.saved.delete('a'))).toBe(true);
    expect(store.saved.get('a')).toBeUndefined();
    store.close();
  });
});
