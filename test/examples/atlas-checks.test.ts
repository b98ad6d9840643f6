import { describe, expect, it } from 'vitest';
import { checkIsolation } from '../../examples/atlas/checks.ts';
import { createLedger, type Ledger } from '../../examples/atlas/ledger.ts';
import type { Message } from '../../src/data.ts';
import type { PublishedEvent } from '../../src/events/types.ts';

const disk: Record<string, string[]> = { 'a.ts': ['let a;'], 'b.ts': ['let b;'] };
const readLines = (path: string) => disk[path] ?? [];

type Body = { type: string } & Record<string, unknown>;
const found = (path: string, line: number, text: string) => ({
  words: ['let'],
  missing: [],
  filesSearched: 1,
  filesMissing: 0,
  hits: [{ path, line, text, score: 1 }],
});

/** Two sessions, A and B, each asked one question about its one file; B is killed after its first piece. */
function story() {
  const ledger = createLedger([
    { id: 'A', name: 'a', files: [{ path: 'a.ts', bytes: 6 }] },
    { id: 'B', name: 'b', files: [{ path: 'b.ts', bytes: 6 }] },
  ]);
  let seq = 0;
  const tell = (sessionId: string, body: Body) => {
    // Only the fields that the checks look at are there.
    const event = {
      sessionId,
      seq: ++seq,
      at: '2026-01-01T00:00:00.000Z',
      ...body,
    } as unknown as PublishedEvent;
    ledger.events.push(event);
    ledger.heard.get(sessionId)?.push(event);
    return event;
  };
  const message = (id: string, role: Message['role'], content: string, turnId?: string): Message => ({
    id,
    seq: seq + 1,
    role,
    content,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...(turnId === undefined ? {} : { metadata: { turnId } }),
  });
  const history: Message[] = [];
  for (const id of ['A', 'B']) {
    const path = `${id.toLowerCase()}.ts`;
    const turnId = `${id}/1`;
    ledger.asked.get(id)?.push({ turnId, question: `let ${id}?` });
    ledger.given.get(id)?.add(path);
    tell(id, { type: 'session_created', metadata: {} });
    tell(id, { type: 'file_added', path });
    tell(id, { type: 'context_updated', filesChanged: [path] });
    const question = message(`${id}:1`, 'user', `let ${id}?`);
    if (id === 'A') history.push(question);
    tell(id, { type: 'conversation_added', message: question });
    tell(id, { type: 'tool_call', turnId });
    tell(id, {
      type: 'tool_result',
      turnId,
      status: 'success',
      result: found(path, 1, `let ${id.toLowerCase()};`),
    });
    tell(id, { type: 'llm_stream_chunk', turnId, content: 'Best', chunkIndex: 0, isFinal: false });
  }
  tell('B', { type: 'session_terminated', reason: 'killed' });
  ledger.killed = { id: 'B', turnId: 'B/1', question: 'let B?', told: 1, pieces: 2 };
  const answer = message('A:2', 'assistant', 'Best a.ts:1', 'A/1');
  history.push(answer);
  tell('A', { type: 'llm_stream_chunk', turnId: 'A/1', content: ' a.ts:1', chunkIndex: 1, isFinal: true });
  tell('A', { type: 'conversation_added', message: answer });
  tell('A', { type: 'llm_response', turnId: 'A/1', content: 'Best a.ts:1' });
  tell('A', { type: 'session_terminated', reason: 'normal' });
  ledger.found.set('A', {
    restarts: 0,
    history,
    activeFiles: ['a.ts'],
  });
  return { ledger, tell, message };
}
const violations = (ledger: Ledger) => checkIsolation(ledger, readLines).flatMap((check) => check.violations);

describe('the isolation check', () => {
  it('holds for sessions that kept to themselves', () => {
    const checks = checkIsolation(story().ledger, readLines);
    expect(checks).toHaveLength(8);
    expect(checks.flatMap((check) => check.violations)).toEqual([]);
  });

  type Story = ReturnType<typeof story>;
  it.each<[string, (story: Story) => void, string]>([
    [
      'an event out of order',
      ({ ledger }) => void ledger.events.reverse(),
      'no more than the event before it',
    ],
    [
      'a listener that heard a neighbour',
      ({ ledger }) => void ledger.heard.get('A')?.push(...(ledger.heard.get('B') ?? []).slice(0, 1)),
      'A: heard session_created of B',
    ],
    [
      'a listener that missed an event',
      ({ ledger }) => void ledger.heard.get('A')?.pop(),
      'A: heard 10 events',
    ],
    [
      'an event after the end',
      ({ tell }) => void tell('B', { type: 'agent_status', status: 'waiting' }),
      'B: published agent_status after its end',
    ],
    ['a session that never ended', ({ ledger }) => void ledger.events.pop(), 'A: never ended'],
    [
      'a session that began with something else',
      ({ ledger }) => void ledger.events.shift(),
      'A: began with file_added',
    ],
    [
      'a message that bears another id',
      ({ tell, message }) =>
        void tell('A', { type: 'conversation_added', message: message('B:9', 'assistant', 'x', 'A/1') }),
      'A: message B:9 bears another session’s id',
    ],
    [
      'an answer to another session’s question',
      ({ tell, message }) =>
        void tell('A', { type: 'conversation_added', message: message('A:3', 'assistant', 'x', 'B/1') }),
      'A: message A:3 answers what was not asked here',
    ],
    [
      'a question that was never sent',
      ({ tell, message }) =>
        void tell('A', { type: 'conversation_added', message: message('A:3', 'user', 'let B?') }),
      'A: its questions are not those that it was sent',
    ],
    [
      'an event of another session’s turn',
      ({ tell }) => void tell('A', { type: 'agent_status', status: 'x', turnId: 'B/1' }),
      'A: event of a turn B/1 not asked here',
    ],
    [
      'a history with something more',
      ({ ledger, message }) => {
        const lookedUp = ledger.found.get('A');
        if (lookedUp === undefined) throw new Error('A was not looked up');
        ledger.found.set('A', { ...lookedUp, history: [...lookedUp.history, message('A:3', 'user', 'x')] });
      },
      'A: its history is not what its events told',
    ],
    [
      'another session’s file',
      ({ tell }) => void tell('A', { type: 'file_added', path: 'b.ts' }),
      'A: told of b.ts',
    ],
    [
      'a file that is not held',
      ({ ledger }) => void ledger.given.get('A')?.add('lost.ts'),
      'A: holds 1 files, was given 2',
    ],
    [
      'a line found in another session’s file',
      ({ tell }) =>
        void tell('A', {
          type: 'tool_result',
          turnId: 'A/1',
          status: 'success',
          result: found('b.ts', 1, 'let b;'),
        }),
      'A: found b.ts, which it was not given',
    ],
    [
      'a line that is not on the disk',
      ({ tell }) =>
        void tell('A', {
          type: 'tool_result',
          turnId: 'A/1',
          status: 'success',
          result: found('a.ts', 1, 'let z;'),
        }),
      'A: a.ts:1 does not say “let z;”',
    ],
    [
      'a kill after the answer',
      ({ tell }) => void tell('B', { type: 'llm_response', turnId: 'B/1', content: 'x' }),
      'it answered all the same',
    ],
    [
      'a kill later than was meant',
      ({ ledger }) => {
        if (ledger.killed !== undefined) ledger.killed = { ...ledger.killed, told: 0 };
      },
      'it told 1 pieces, was killed after 0',
    ],
    [
      'a question without an answer',
      ({ ledger }) => void ledger.asked.get('A')?.push({ turnId: 'A/2', question: 'and?' }),
      'A: no answer to “and?”',
    ],
    [
      'a crash of a neighbour',
      ({ tell }) => void tell('A', { type: 'session_crashed', restarting: true }),
      'A: it crashed',
    ],
    [
      'a session that was gone at the end',
      ({ ledger }) => void ledger.found.delete('A'),
      'A: it could not be looked up at the end',
    ],
  ])('finds %s', (_, plant, expected) => {
    const told = story();
    plant(told);
    expect(violations(told.ledger).join('\n')).toContain(expected);
  });
});
