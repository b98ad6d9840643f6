import { describe, expect, it } from 'vitest';
import { createActor, toPromise } from 'xstate';
import { pause, record, search } from '../../../src/agents/librarian/work.ts';
import { gate } from '../../support/gate.ts';
import { turns, until } from '../../support/turns.ts';
import { type HandmadeOptions, handmade } from './desk.ts';

function searching(question: string, options?: HandmadeOptions) {
  const session = handmade(options);
  const actor = createActor(search, { input: { agent: session.agent, question } });
  const outcome = toPromise(actor);
  outcome.catch(() => {}); // some are stopped, and then nobody waits
  return { ...session, actor, outcome, start: () => void actor.start() };
}

describe('the search of a session', () => {
  it('reads what is active and what is indexed, each file once and by path; files without content are counted', async () => {
    const { start, outcome, read } = searching('Price', { lost: ['gone.ts'] });
    start();
    expect(await outcome).toMatchObject({
      filesSearched: 2,
      filesMissing: 1,
      hits: [{ path: 'src/price.ts', line: 1 }, { path: 'src/cart.ts' }, { path: 'src/cart.ts' }],
    });
    expect(read).toEqual(['gone.ts', 'src/cart.ts', 'src/price.ts']);
  });

  it('lets others have their turn between two files', async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, 'price']));
    const { start, outcome, read } = searching('price', { files });
    start();
    const seen = new Set<number>();
    while (read.length < 20) {
      await turns(1);
      seen.add(read.length);
    }
    await outcome;
    expect(seen.size).toBeGreaterThanOrEqual(20);
  });

  it('reads no further once it is stopped', async () => {
    const hold = gate();
    const { start, actor, read } = searching('Price', { getFile: () => hold.promise });
    start();
    await until(() => read.length === 1);
    actor.stop();
    hold.open();
    await turns();
    expect(read).toHaveLength(1);
  });

  it.each([0, 1, 2])('rejects when its session stops at file %i', async (files) => {
    const session = searching('Price', {
      getFile: async () => {
        if (session.read.length === files) session.stop.abort();
      },
    });
    if (files === 0) session.stop.abort();
    session.start();
    await expect(session.outcome).rejects.toMatchObject({ name: 'AbortError' });
    expect(session.read).toHaveLength(files);
  });

  it('rejects with what the session rejects with', async () => {
    const { start, outcome } = searching('Price', { getFile: () => Promise.reject(new Error('away')) });
    start();
    await expect(outcome).rejects.toThrow('away');
  });
});

describe('the record of an answer', () => {
  it.each([
    ['names its turn, and can be called off', {}, {}],
    ['bears the key of its turn', { key: 'once' }, { idempotencyKey: 'once' }],
  ])('is an assistant message that %s', async (_, key, expected) => {
    const { agent, recorded } = handmade();
    const turn = { turnId: 't', toolId: 'search-1', question: 'q', ...key };
    const actor = createActor(record, { input: { agent, turn, content: 'found' } });
    const outcome = toPromise(actor);
    actor.start();
    expect(await outcome).toEqual({ messageId: 'desk:1' });
    expect(recorded).toEqual([
      {
        content: 'found',
        options: { metadata: { turnId: 't' }, ...expected, signal: expect.any(AbortSignal) },
      },
    ]);
  });
});

describe('the pause between two pieces', () => {
  it('is one turn of the event loop', async () => {
    const actor = createActor(pause, { input: { agent: handmade().agent, turnId: 't', told: 0, pieces: 1 } });
    actor.start();
    await Promise.resolve();
    expect(actor.getSnapshot().status).toBe('active');
    await turns(2);
    expect(actor.getSnapshot().status).toBe('done');
  });
});
