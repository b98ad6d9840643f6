import { describe, expect, it } from 'vitest';
import { Board } from '../../examples/atlas/board.ts';
import { createLedger } from '../../examples/atlas/ledger.ts';
import { type Recovery, recoveredText } from '../../examples/atlas/recovered.ts';
import type { PublishedEvent } from '../../src/events/types.ts';

const parts = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id, files: [{ path: `${id}.ts`, bytes: 1 }] }));

/** Four sessions: one at work, one killed, one ended, one not opened yet; two questions for each. */
function recovery(change: Partial<Recovery> = {}): Recovery {
  const board = new Board(parts);
  const ledger = createLedger(parts);
  const tell = (sessionId: string, body: { type: string } & Record<string, unknown>) => {
    const event = { sessionId, seq: 1, at: '', ...body } as unknown as PublishedEvent;
    ledger.news.push(event);
    board.apply(event);
  };
  for (const id of ['a', 'b', 'c']) {
    tell(id, { type: 'session_created', metadata: {} });
    tell(id, { type: 'context_updated', filesChanged: [`${id}.ts`] });
    tell(id, { type: 'conversation_added', message: { id: `${id}:1`, role: 'user', content: '?' } });
    if (id === 'b') continue;
    tell(id, { type: 'conversation_added', message: { id: `${id}:2`, role: 'assistant', content: '!' } });
    tell(id, { type: 'llm_response', turnId: `${id}/1`, content: '!' });
  }
  tell('b', { type: 'session_terminated', reason: 'killed' });
  tell('c', { type: 'session_terminated', reason: 'normal' });
  for (const row of board.rows) row.questions = 2;
  const report = { recovered: 2, quarantined: [] };
  return { report, earlier: { runs: 1, elapsedMs: 0 }, board, ledger, ...change };
}

describe('what a run says it recovered', () => {
  it('are sessions, files and messages, and what is left to do', () => {
    expect(recoveredText(recovery())).toBe(
      'Recovered from 1 earlier run: 1 session, 1 killed, 1 ended; 3 files indexed; ' +
        '5 messages (3 questions, 2 answers).\n' +
        'Going on: 3 answers left to come.\n',
    );
  });

  it('leaves out what is in quarantine, and says why, and what an agent lost', () => {
    const found = recovery({
      report: {
        recovered: 1,
        quarantined: [{ id: 'a', reason: 'its fact 3 is\u001b[31m torn' }],
        lost: [{ id: 'd', reason: 'its timer' }],
      },
    });
    found.ledger.quarantined.set('a', 'torn');
    expect(recoveredText(found).split('\n').slice(0, -1)).toEqual([
      expect.stringContaining('earlier run: 0 sessions, 1 killed, 1 ended;'),
      'Quarantined a: its fact 3 is[31m torn',
      'It goes on without; what cannot be read stays in the store as it is.',
      'Lost of the agent of d: its timer',
      'Going on: 2 answers left to come.',
    ]);
  });

  it('may be too little to know the questions', () => {
    const found = recovery();
    for (const row of found.board.rows) Object.assign(row, { questions: 0, answers: 0 });
    expect(recoveredText(found)).toMatch(/Going on: the questions are still to be found\.\n$/);
  });
});
