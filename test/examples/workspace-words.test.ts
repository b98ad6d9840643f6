/** What the workspace makes of texts and names. */
import { SessionError } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../examples/workspace/shared/answer-lines.ts';
import { isSending, textOf } from '../../examples/workspace/shared/ask.ts';
import { isTrouble } from '../../examples/workspace/shared/copies.ts';
import { counted } from '../../examples/workspace/shared/counted.ts';
import { nameOf, newSession } from '../../examples/workspace/shared/names.ts';
import { createNotices } from '../../examples/workspace/shared/notices.ts';
import { storageStanding, tabStanding } from '../../examples/workspace/shared/standing.ts';

describe('the lines of an answer', () => {
  it('are words, and places in files', () => {
    expect(linesOf('Best of the 2 files:\nnotes/a b.md:12  It was, at 10:30.')).toEqual([
      { kind: 'words', text: 'Best of the 2 files:' },
      { kind: 'hit', place: 'notes/a b.md:12', text: 'It was, at 10:30.' },
    ]);
  });

  it('stay words while a place is still being told', () => {
    for (const told of ['', 'notes', 'notes/ada.md:1', 'notes/ada.md:12 '])
      expect(linesOf(told)).toEqual([{ kind: 'words', text: told }]);
  });

  it('keep markup as the text that it is', () => {
    expect(linesOf('<b>a</b>.md:1  <img src=x>')).toEqual([
      { kind: 'hit', place: '<b>a</b>.md:1', text: '<img src=x>' },
    ]);
  });
});

describe('names', () => {
  it('are given once, and go on when all are taken', () => {
    const taken: ReturnType<typeof newSession>[] = [];
    for (let n = 0; n < 100; n += 1) taken.push(newSession(taken));
    expect(new Set(taken.map(nameOf)).size).toBe(100);
    expect(taken.map(nameOf).at(0)).toBe('Alder');
    expect(taken.map(nameOf).at(-1)).toMatch(/ [34]$/);
    expect(nameOf(newSession([], taken.slice(0, 2)))).toBe(taken.map(nameOf)[2]);
    expect(taken.at(-1)?.id).toMatch(/-[34]-[0-9a-f]{6}$/);
  });

  it('can be told from the id, which is never given twice', () => {
    const alder = newSession();
    expect(alder).toEqual({ id: expect.stringMatching(/^alder-[0-9a-f]{6}$/), metadata: { name: 'Alder' } });
    expect(newSession().id).not.toBe(alder.id);
  });

  it('are those that sessions were created with, else their ids', () => {
    expect(nameOf({ id: 'a', metadata: { name: 'Ash' } })).toBe('Ash');
    expect(nameOf({ id: 'a', metadata: {} })).toBe('a');
  });
});

it('the parts of a message are shown as text, and named where they have none', () => {
  expect(textOf('hello')).toBe('hello');
  expect(
    textOf([
      { type: 'text', text: 'see' },
      { type: 'image', url: 'x' },
    ]),
  ).toBe('see\n[image]');
});

it('Enter sends, but not with Shift, nor while a character is composed', () => {
  const pressed = (more: object) =>
    isSending({ key: 'Enter', shiftKey: false, isComposing: false, ...more } as KeyboardEvent);
  expect(pressed({})).toBe(true);
  for (const more of [{ shiftKey: true }, { isComposing: true }, { key: 'a' }])
    expect(pressed(more)).toBe(false);
});

it('one of a thing is not many', () => {
  expect([0, 1, 2].map((count) => counted(count, 'message'))).toEqual([
    '0 messages',
    '1 message',
    '2 messages',
  ]);
});

it('trouble is an end that nobody wanted', () => {
  expect(['killed', 'crashed', 'timeout'].map(isTrouble)).toEqual([true, true, true]);
  expect(['normal', 'closed', 'init_failed'].map(isTrouble)).toEqual([false, false, false]);
});

it('notices are few: what is over the limit is counted', () => {
  const notices = createNotices();
  let told = 0;
  notices.subscribe(() => {
    told += 1;
  });
  notices.add('a', 'b', 'c');
  expect(notices.get()).toEqual(['a', 'b', 'c']);
  notices.add('d', 'e', 'f', 'g');
  expect(notices.get()).toEqual(['a', 'b', 'c', 'd', 'And 3 more.']);
  notices.dismiss();
  expect(notices.get()).toEqual([]);
  expect(told).toBe(3);
});

describe('how things stand', () => {
  const reason = new SessionError('STORE_FAILED', 'The disk is on strike.');

  it.each([
    [{ is: 'durable' }, 'well', 'Kept in this browser'],
    [{ is: 'opening' }, 'pending', 'Opening the storage'],
    [{ is: 'blocked' }, 'trouble', 'Storage is blocked', /Close or reload that tab/],
    [{ is: 'full', reason }, 'trouble', 'Storage is full', /not kept. Terminate sessions/],
    [{ is: 'memory', reason }, 'trouble', 'Only in memory', /outlives this page.*on strike/],
    [{ is: 'lost', reason }, 'trouble', 'Storage is lost', /Reload the page.*on strike/],
    [{ is: 'refused', reason }, 'trouble', 'Storage did not open', /on strike/],
  ] as const)('of the storage: %j', (state, kind, words, advice?) => {
    expect(storageStanding(state)).toMatchObject({ kind, words });
    expect(storageStanding(state).advice ?? '').toMatch(advice ?? /^$/);
  });

  it.each([
    [{ is: 'joining' }, 'pending', 'Looking for other tabs'],
    [{ is: 'owner' }, 'well', 'This tab runs the sessions'],
    [{ is: 'follower' }, 'well', 'Another tab runs the sessions'],
    [{ is: 'alone', reason }, 'trouble', 'This tab is on its own', /on strike/],
    [{ is: 'failed', reason }, 'trouble', 'No tab runs the sessions', /Reload the page.*on strike/],
  ] as const)('of the tabs: %j', (state, kind, words, advice?) => {
    expect(tabStanding(state)).toMatchObject({ kind, words });
    expect(tabStanding(state).advice ?? '').toMatch(advice ?? /^$/);
  });
});
