import { equal } from './assertions.ts';
import { documentOf, ending, fact, headIds, ids, life, loadedSeqs } from './facts.ts';
import { rules } from './rules.ts';
import { kept, type Scenario, scenario } from './stage.ts';

export const savedCases: readonly Scenario[] = [
  scenario(
    rules.saved,
    'a saved session that is not there is undefined, and deleting it says so',
    async ({ saved }) => {
      equal(await saved.get('a'), undefined, 'get');
      equal(await saved.delete('a'), false, 'delete');
      equal([await saved.list(), await saved.ids()], [[], []], 'list and ids');
    },
  ),

  ...kept(
    rules.saved,
    'saved sessions come back as they were put, by id and as a list',
    async ({ saved }) => {
      await saved.put(documentOf('a', { metadata: { user: 'x' }, data: { n: [1, null] }, version: 3 }));
      await saved.put(documentOf('b', { messageCount: 7, savedAt: '2026-02-01T00:00:00.000Z' }));
    },
    async ({ saved }) => {
      const documents = [
        documentOf('a', { metadata: { user: 'x' }, data: { n: [1, null] }, version: 3 }),
        documentOf('b', { messageCount: 7, savedAt: '2026-02-01T00:00:00.000Z' }),
      ];
      equal([await saved.get('a'), await saved.get('b')], documents, 'by id');
      equal(
        [...(await saved.list())].sort((a, b) => (a.id < b.id ? -1 : 1)),
        documents,
        'as a list',
      );
      equal([...(await saved.ids())].sort(), ['a', 'b'], 'their ids');
    },
  ),

  ...kept(
    rules.saved,
    'a saved session that is put again is replaced whole',
    async ({ saved }) => {
      await saved.put(documentOf('a', { messageCount: 7, data: { old: 1, both: 1 } }));
      await saved.put(documentOf('b'));
      await saved.put(documentOf('a', { data: { both: 2 } }));
    },
    async ({ saved }) => {
      equal(await saved.get('a'), documentOf('a', { data: { both: 2 } }), 'the saved session');
      equal(ids(await saved.list()).sort(), ['a', 'b'], 'the list');
    },
  ),

  ...kept(
    rules.saved,
    'a saved session that is deleted is gone, and may be put again',
    async ({ saved }) => {
      await saved.put(documentOf('a'));
      await saved.put(documentOf('b'));
      equal([await saved.delete('a'), await saved.delete('a')], [true, false], 'whether it was there');
    },
    async ({ saved }) => {
      equal([await saved.get('a'), ids(await saved.list())], [undefined, ['b']], 'get and list');
      await saved.put(documentOf('a'));
      equal(await saved.get('a'), documentOf('a'), 'the one put again');
    },
  ),

  ...kept(
    rules.savedApart,
    'a saved session and a live one of the same id do not touch each other',
    async (lease) => {
      await lease.append([...life(2), fact(3, 'b', 1)]);
      await lease.saved.put(documentOf('a'));
      await lease.saved.put(documentOf('b'));
      await lease.saved.delete('b');
      await lease.append([ending(4, 'a', 3)]);
    },
    async (lease) => {
      equal(await lease.saved.get('a'), documentOf('a'), 'the saved one');
      equal([await headIds(lease), await loadedSeqs(lease, 'b')], [['b'], [3]], 'heads and the facts of b');
    },
  ),

  scenario(
    rules.order,
    'saved sessions put in one turn are all there, the last of each id',
    async ({ saved }) => {
      await Promise.all(
        Array.from({ length: 40 }, (_, n) => saved.put(documentOf(`s${n % 20}`, { messageCount: n }))),
      );
      const list = await saved.list();
      const counts = list.map(({ messageCount }) => messageCount).sort((a, b) => a - b);
      equal(
        counts,
        Array.from({ length: 20 }, (_, n) => 20 + n),
        'the message counts',
      );
    },
  ),

  scenario(rules.answers, 'a list of saved sessions does not change with the store', async ({ saved }) => {
    await saved.put(documentOf('a'));
    const list = await saved.list();
    await saved.put(documentOf('b'));
    await saved.delete('a');
    equal(ids(list), ['a'], 'the list given before');
  }),
];
