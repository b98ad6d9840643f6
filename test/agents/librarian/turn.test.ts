import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTurn } from '../../../src/agents/librarian/turn.ts';

afterEach(() => vi.unstubAllGlobals());

/** What happened by the time the turn came. */
async function seenUntil(turn: Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  for (let depth = 0, chain = Promise.resolve(); depth < 50; depth++) {
    chain = chain.then(() => {
      if (depth === 49) seen.push('a chain of microtasks');
    });
  }
  await turn;
  return seen;
}

describe('the next turn', () => {
  it('comes after all microtasks', async () => {
    expect(await seenUntil(nextTurn())).toContain('a chain of microtasks');
  });

  it('comes by message where there is no setImmediate, as in a browser', async () => {
    vi.stubGlobal('setImmediate', undefined);
    expect(await seenUntil(nextTurn())).toContain('a chain of microtasks');
  });
});
