import { describe, expect, it } from 'vitest';
import { Fate } from '../../examples/atlas/kill.ts';
import type { PublishedEvent } from '../../src/events/types.ts';

const part = (id: string, files: number) => ({
  id,
  name: id,
  files: Array.from({ length: files }, (_, n) => ({ path: `${id}/${n}`, bytes: 1 })),
});
const parts = [part('small', 1), part('large', 9), part('middling', 4)];

function fateOf(questions: number): Fate {
  const fate = new Fate(parts);
  const turns = Array.from({ length: questions }, (_, n) => ({ turnId: `middling/${n + 1}`, question: '?' }));
  fate.learn(new Map([['middling', turns]]));
  return fate;
}

describe('the fate of one session', () => {
  it('meets one of middling size, and nobody who is alone', () => {
    expect(fateOf(2).id).toBe('middling');
    expect(new Fate(parts.slice(0, 1)).id).toBeUndefined();
  });

  it('spares the first answer of several', () => {
    expect(fateOf(2).fatalPiece('middling/1', 9)).toBeUndefined();
    expect(fateOf(2).fatalPiece('middling/2', 9)).toBe(3);
    expect(fateOf(1).fatalPiece('middling/1', 9)).toBe(3);
    expect(fateOf(2).fatalPiece('large/2', 9)).toBeUndefined();
  });

  it.each([
    [1, undefined],
    [2, 1],
    [3, 2],
    [4, 3],
    [9, 3],
  ])('in an answer of %i pieces comes after %s', (pieces, told) => {
    expect(fateOf(2).fatalPiece('middling/2', pieces)).toBe(told);
  });

  it('waits until the last question, and no longer', () => {
    const fate = fateOf(1);
    expect(fate.fatalPiece(fate.last.turnId, 1)).toBe(0);
  });

  it('can be told afterwards, by what was said', () => {
    const findings = {
      words: ['x'],
      missing: [],
      filesSearched: 4,
      filesMissing: 0,
      hits: [1, 2, 3, 4].map((line) => ({ path: 'middling/0', line, text: 'x', score: 1 })),
    };
    const found = (turnId: string) =>
      ({ type: 'tool_result', turnId, status: 'success', result: findings }) as unknown as PublishedEvent;
    const fate = fateOf(3);
    expect(fate.traces([found('middling/1'), found('middling/2')])).toEqual({
      id: 'middling',
      turnId: 'middling/2',
      question: '?',
      told: 3,
      pieces: 5,
    });
    expect(fate.traces([found('middling/1')])).toBeUndefined();
    expect(fate.traces([])).toBeUndefined();
  });
});
