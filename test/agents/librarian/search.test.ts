import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSearch, searchFiles } from '../../../src/agents/librarian/search.ts';

const shop = [
  {
    path: 'src/cart.ts',
    content: [
      "import { Price } from './price.ts';", // 1
      '', // 2
      '/** Sums what the basket holds. */', // 3
      'export function totalPrice(items: Price[]): Price {', // 4
      '  return items.reduce(addPrice, zero);', // 5
      '}', // 6
    ].join('\n'),
  },
  {
    path: 'src/price.ts',
    content: [
      'export interface Price {', // 1
      '  cents: number;', // 2
      '}', // 3
      'export const addPrice = (a: Price, b: Price) => ({ cents: a.cents + b.cents });', // 4
      'export const zero: Price = { cents: 0 };', // 5
    ].join('\n'),
  },
  { path: 'src/mailer.py', content: 'def send_receipt(order):\n    deliver(order.total_price)\n' },
  { path: 'docs/refunds.md', content: '\n# Money back\n\nWithin thirty days.\n' },
];
const where = (question: string, options = {}) =>
  searchFiles(shop, question, options).hits.map(({ path, line }) => `${path}:${line}`);

describe('searching files', () => {
  it('puts the line that defines a name first', () => {
    expect(where('Where is Price defined?')[0]).toBe('src/price.ts:1');
    expect(where('totalPrice')[0]).toBe('src/cart.ts:4');
    expect(where('send receipt')[0]).toBe('src/mailer.py:1');
  });

  it('prefers a name that the question covers whole to one of which it is a part', () => {
    const files = [
      { path: 'a.ts', content: 'class SessionErrorOptions {}' },
      { path: 'b.ts', content: 'class Session {}' },
    ];
    expect(searchFiles(files, 'session').hits.map(({ path }) => path)).toEqual(['b.ts', 'a.ts']);
  });

  it('counts a definition for more when the question asks for one', () => {
    const files = [
      { path: 'a.ts', content: 'function order() {}\nan order with its receipt' },
      { path: 'b.ts', content: 'the order' },
    ];
    expect(searchFiles(files, 'order receipt').hits[0]?.line).toBe(2);
    expect(searchFiles(files, 'Where is the order receipt defined?').hits[0]?.line).toBe(1);
  });

  it('reads camelCase and snake_case as one name', () => {
    expect(where('total_price')).toContain('src/cart.ts:4');
    expect(where('totalPrice')).toContain('src/mailer.py:2');
  });

  it('finds other forms of a word', () => {
    expect(where('Who is summing things up?')[0]).toBe('src/cart.ts:3');
  });

  it('weighs a rare word above a common one', () => {
    const files = [
      { path: 'a', content: 'order order order\norder receipt' },
      { path: 'b', content: 'an order of things' },
      { path: 'c', content: 'in working order' },
      { path: 'd', content: 'the receipt' },
    ];
    const { hits } = searchFiles(files, 'order receipt');
    expect(hits.map(({ path, line }) => path + line)).toEqual(['a2', 'd1', 'a1', 'b1', 'c1']);
  });

  it('counts a match in the path, and shows a file whose path alone matches by its first line of text', () => {
    expect(searchFiles(shop, 'refunds').hits).toEqual([
      { path: 'docs/refunds.md', line: 2, text: '# Money back', score: expect.any(Number) },
    ]);
    const { hits } = searchFiles(
      [
        { path: 'z/cart.ts', content: 'empty the cart' },
        { path: 'a/other.ts', content: 'empty the cart' },
      ],
      'cart',
    );
    expect(hits.map(({ path }) => path)).toEqual(['z/cart.ts', 'a/other.ts']);
  });

  it('orders equal lines by path, then by line, whatever the order of the files', () => {
    const files = ['b', 'c', 'a'].map((path) => ({ path, content: 'same\n\nsame' }));
    const expected = ['a1', 'a3', 'b1', 'b3', 'c1', 'c3'];
    for (const order of [files, files.toReversed()]) {
      expect(searchFiles(order, 'same').hits.map(({ path, line }) => path + line)).toEqual(expected);
    }
  });

  it('gives a line that holds every word at least 1, and one that holds a part of them less', () => {
    const { hits } = searchFiles([{ path: 'x', content: 'red blue\nred' }], 'red blue');
    expect(hits.map(({ score }) => score)).toEqual([1.2, expect.closeTo(0.7, 3)]);
  });

  it('says by name what a line defines, only when the question asks for that name', () => {
    const [hit] = searchFiles(shop, 'zero').hits;
    expect(hit?.defines).toBe('zero');
    const cents = searchFiles(shop, 'cents').hits.find(({ line }) => line === 5);
    expect(cents).toBeDefined();
    expect(cents?.defines).toBeUndefined();
  });

  it('keeps to its limits', () => {
    expect(where('price', { limit: 2 })).toHaveLength(2);
    expect(
      where('price', { perFile: 1, limit: 10 }).filter((at) => at.startsWith('src/price.ts')),
    ).toHaveLength(1);
  });

  it('clips a long line and still finds what stands at its end', () => {
    const [hit] = searchFiles([{ path: 'x', content: `${'- '.repeat(500)}needle` }], 'needle').hits;
    expect(hit?.text).toHaveLength(200);
    expect(hit?.text.endsWith('…')).toBe(true);
  });

  it('names the words that no file holds, and finds the rest', () => {
    const { missing, hits } = searchFiles(shop, 'penguin price');
    expect(missing).toEqual(['penguin']);
    expect(hits.length).toBeGreaterThan(0);
  });

  it('finds nothing where there is nothing', () => {
    expect(searchFiles(shop, 'penguin')).toEqual({
      words: ['penguin'],
      missing: ['penguin'],
      filesSearched: 4,
      hits: [],
    });
    expect(searchFiles([], 'price')).toMatchObject({ filesSearched: 0, hits: [] });
    expect(searchFiles(shop, 'what is that?')).toMatchObject({ words: [], hits: [] });
  });

  it('numbers lines alike with either line ending', () => {
    const [hit] = searchFiles([{ path: 'x', content: 'one\r\ntwo\r\nthree' }], 'three').hits;
    expect(hit).toMatchObject({ line: 3, text: 'three' });
  });

  it('takes words that are names of every object’s members, and characters that mean something in a pattern', () => {
    const files = [{ path: 'x', content: 'obj.__proto__ = constructor;\nhasOwnProperty(a.*b)' }];
    expect(searchFiles(files, '__proto__ constructor').hits[0]?.line).toBe(1);
    expect(searchFiles(files, 'hasOwnProperty (a.*+?[b').hits[0]?.line).toBe(2);
  });

  it('takes the first thirty terms of a question, and claims nothing about the others', () => {
    const many = Array.from({ length: 40 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${i}`);
    const { words, missing } = searchFiles([{ path: 'x', content: many.join(' ') }], many.join(' '));
    expect(words).toEqual(many.slice(0, 30));
    expect(missing).toEqual([]);
  });

  it('finds the same when it is fed file by file', () => {
    const search = createSearch('price');
    for (const file of shop) search.add(file);
    expect(search.result()).toEqual(searchFiles(shop, 'price'));
  });
});

describe('searching this repository', () => {
  const root = join(import.meta.dirname, '../../..');
  const files = ['src', 'machines', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => ({
        path: join(folder, path).replaceAll('\\', '/'),
        content: readFileSync(join(root, folder, path), 'utf8'),
      })),
  );

  it.each([
    ['Where is SessionError defined?', 'src/errors.ts', 'export class SessionError extends Error {'],
    [
      'Which function splits a word into parts, partsOf?',
      'src/agents/librarian/terms.ts',
      'export function partsOf(',
    ],
    ['definition of SessionManagerOptions', 'src/options.ts', 'export interface SessionManagerOptions<'],
  ])('%s', (question, path, beginning) => {
    const [best] = searchFiles(files, question).hits;
    const source = readFileSync(join(root, path), 'utf8').split('\n');
    expect(best).toMatchObject({
      path,
      line: source.findIndex((line) => line.startsWith(beginning)) + 1,
      text: expect.stringMatching(new RegExp(`^${beginning.replace(/[()]/g, '\\$&')}`)),
    });
  });
});
