import type { Json, JsonObject } from '../../data.ts';
import { equal } from './assertions.ts';
import { collect, documentOf, ending, fact, headIds, loadedSeqs, snapshotAt } from './facts.ts';
import { rules } from './rules.ts';
import { kept, type Scenario } from './stage.ts';

const ODD_IDS = [
  'constructor',
  'toString',
  'hasOwnProperty',
  'x'.repeat(128),
  'A',
  'a',
  '1',
  '01',
  '-',
  '_',
  'a:b.c',
  'null',
  'undefined',
  'Infinity',
];

let deep: Json = 'bottom';
for (let level = 0; level < 60; level += 1) deep = level % 2 === 0 ? [deep] : { deeper: deep };

/** JSON that a medium may stumble over. */
const ODD_JSON: JsonObject = {
  '': 'the empty key',
  constructor: 'a key',
  'with "quotes", \\ and \u0000': 'a key',
  2: 'two',
  1: 'one',
  nul: 'before\u0000after',
  control: '\u0001\u001f\u007f\u0080',
  lines: '\n\r\u2028\u2029',
  quotes: `"'\`\\`,
  surrogates: '\ud800',
  trail: '\udc00 alone',
  swapped: '\udc00\ud800',
  pair: '😀',
  composed: '\u00e9 and e\u0301',
  empty: ['', [], {}, null],
  truth: [true, false],
  numbers: [0, 0.1, -1e-7, 5e-324, 1.7976931348623157e308, Number.MAX_SAFE_INTEGER, 2 ** 53 + 2, 1e21],
  looks: ['1', 'true', 'null', "'; DROP TABLE sessions; --", '2026-01-01T00:00:00.000Z'],
  deep,
};

const LONG = 'ü😀x'.repeat(250_000);

export const valueCases: readonly Scenario[] = [
  ...kept(
    rules.ids,
    'ids that mean something elsewhere are ids like any other',
    async (lease) => {
      await lease.append(ODD_IDS.map((id, n) => fact(n + 1, id, 1)));
      await lease.append(ODD_IDS.map((id, n) => fact(101 + n, id, 2)));
      for (const id of ODD_IDS) await lease.putSnapshot(id, snapshotAt(1, { data: { id } }));
      for (const id of ODD_IDS) await lease.saved.put(documentOf(id));
    },
    async (lease) => {
      equal(await headIds(lease), ODD_IDS, 'heads');
      for (const [n, id] of ODD_IDS.entries()) {
        const head = { id, seq: n + 1, sessionSeq: 2, status: 'initializing', wakeAt: null };
        equal(await lease.head(id), head, `the head of ${id}`);
        const session = { snapshot: snapshotAt(1, { data: { id } }), records: [fact(101 + n, id, 2)] };
        equal(await lease.load(id), session, `what load gives of ${id}`);
        equal((await collect(lease, { from: 0, sessionId: id })).length, 2, `the facts of ${id}`);
        equal(await lease.saved.get(id), documentOf(id), `the saved ${id}`);
      }
    },
  ),

  ...kept(
    rules.ids,
    'ids that mean something elsewhere can end, be removed and be deleted',
    async (lease) => {
      await lease.append(ODD_IDS.map((id, n) => fact(n + 1, id, 1)));
      for (const id of ODD_IDS) await lease.saved.put(documentOf(id));
      for (const id of ODD_IDS) equal(await lease.saved.delete(id), true, `deleting ${id}`);
      for (const id of ODD_IDS.slice(0, 5)) await lease.remove(id);
      await lease.append(ODD_IDS.slice(5).map((id, n) => ending(100 + n, id, 2)));
    },
    async (lease) => {
      equal([await headIds(lease), await lease.saved.list()], [[], []], 'heads and saved sessions');
      for (const id of ODD_IDS) equal(await loadedSeqs(lease, id), [], `the facts of ${id}`);
    },
  ),

  ...kept(
    rules.json,
    'any JSON comes back as it was: in a fact, loaded and for cursors',
    (lease) => lease.append([fact(1, 'a', 1, { payload: ODD_JSON })]),
    async (lease) => {
      equal((await lease.load('a')).records[0]?.payload, ODD_JSON, 'loaded');
      equal((await collect(lease, { from: 0 }))[0]?.payload, ODD_JSON, 'for cursors');
      equal((await collect(lease, { from: 0, sessionId: 'a' }))[0]?.payload, ODD_JSON, 'for its cursors');
    },
  ),

  ...kept(
    rules.json,
    'any JSON comes back as it was: in a snapshot and in a saved session',
    async (lease) => {
      await lease.append([fact(1, 'a', 1)]);
      await lease.putSnapshot('a', snapshotAt(1, { data: ODD_JSON }));
      await lease.saved.put(documentOf('a', { data: ODD_JSON, metadata: ODD_JSON }));
    },
    async (lease) => {
      equal((await lease.load('a')).snapshot?.data, ODD_JSON, 'in a snapshot');
      const document = documentOf('a', { data: ODD_JSON, metadata: ODD_JSON });
      equal([await lease.saved.get('a'), await lease.saved.list()], [document, [document]], 'saved');
    },
  ),

  ...kept(
    rules.json,
    'long texts come back whole: in a fact, a snapshot and a saved session',
    async (lease) => {
      await lease.append([
        fact(1, 'a', 1, { payload: { LONG } }),
        fact(2, 'b', 1),
        fact(3, 'a', 2, { payload: { LONG } }),
      ]);
      await lease.putSnapshot('a', snapshotAt(1, { data: { LONG } }));
      await lease.saved.put(documentOf('a', { data: { LONG } }));
    },
    async (lease) => {
      const { snapshot, records } = await lease.load('a');
      equal([snapshot?.data, records.map(({ payload }) => payload)], [{ LONG }, [{ LONG }]], 'loaded');
      const facts = await collect(lease, { from: 0 });
      equal(
        facts.map(({ payload }) => payload),
        [{ LONG }, {}, { LONG }],
        'for cursors',
      );
      equal((await lease.saved.get('a'))?.data, { LONG }, 'saved');
    },
  ),

  ...kept(
    rules.numbers,
    'seqs, versions and times are as large as numbers go',
    async (lease) => {
      const newest = Number.MAX_SAFE_INTEGER - 1;
      await lease.append([fact(2 ** 40, 'a', 1, { wakeAt: 8.64e15 }), fact(newest, 'b', 1, { wakeAt: 0.5 })]);
      await lease.putSnapshot('a', snapshotAt(1, { version: 2 ** 31 }));
    },
    async (lease) => {
      const newest = Number.MAX_SAFE_INTEGER - 1;
      equal(lease.lastSeq, newest, 'lastSeq');
      equal(
        (await lease.heads()).map(({ seq, wakeAt }) => [seq, wakeAt]),
        [
          [2 ** 40, 8.64e15],
          [newest, 0.5],
        ],
        'seq and wakeAt of the heads',
      );
      equal((await lease.load('a')).snapshot?.version, 2 ** 31, 'the version');
      equal(await headIds(lease, { wakeAfter: 0, wakeBy: 8.64e15 }), ['b', 'a'], 'those to wake');
    },
  ),
];
