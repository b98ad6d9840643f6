import { describe, expect, it } from 'vitest';
import { fromPromise } from 'xstate';
import { type LibrarianEvent, librarian, type PauseInput } from '../../src/agents/librarian.ts';
import { gate } from '../support/gate.ts';
import { turns, until } from '../support/turns.ts';
import { desk } from './librarian/desk.ts';

describe('a question', () => {
  it('is answered by the best lines, with every event of its turn in order', async () => {
    const { send, waiting, published, recorded } = desk();
    send({ type: 'ask', question: 'Where is Price defined?', turnId: 't' });
    await waiting();

    const text =
      'Best of the 2 files:' +
      '\nsrc/price.ts:1  export interface Price {' +
      "\nsrc/cart.ts:1  import { Price } from './price.ts';" +
      '\nsrc/cart.ts:2  export function total(items: Price[]) {}';
    const tool = { turnId: 't', toolId: 'search-1', toolName: 'search' };
    const status = { type: 'agent_status', agentName: 'librarian' };
    const chunk = { type: 'llm_stream_chunk', turnId: 't' };
    const pieces = text.split(/(?=\n)/);
    expect(published).toEqual([
      { ...status, status: 'searching', turnId: 't', message: 'Where is Price defined?' },
      { type: 'tool_call', ...tool, parameters: { question: 'Where is Price defined?' } },
      {
        type: 'tool_result',
        ...tool,
        status: 'success',
        result: {
          words: ['Price'],
          missing: [],
          filesSearched: 2,
          filesMissing: 0,
          hits: [
            expect.objectContaining({ path: 'src/price.ts', line: 1, defines: 'Price' }),
            expect.objectContaining({ path: 'src/cart.ts', line: 1 }),
            expect.objectContaining({ path: 'src/cart.ts', line: 2 }),
          ],
        },
      },
      { ...status, status: 'answering', turnId: 't' },
      ...pieces.map((content, chunkIndex) => ({ ...chunk, content, chunkIndex, isFinal: chunkIndex === 3 })),
      { type: 'llm_response', turnId: 't', content: text, messageId: 'desk:1' },
      { ...status, status: 'waiting' },
    ]);
    expect(recorded).toEqual([
      {
        content: text,
        options: {
          metadata: { turnId: 't' },
          idempotencyKey: 'librarian:t',
          signal: expect.any(AbortSignal),
        },
      },
    ]);
  });

  it('that no file answers gets a plain “nothing found”, in one final chunk', async () => {
    const { send, waiting, of } = desk();
    send({ type: 'ask', question: 'Where are the penguins?' });
    await waiting();
    expect(of('llm_stream_chunk')).toEqual([
      expect.objectContaining({
        content: 'Nothing found: none of the 2 files mentions “penguins”.',
        chunkIndex: 0,
        isFinal: true,
      }),
    ]);
    expect(of('llm_response')).toHaveLength(1);
  });

  it('asked while another is answered waits its turn; turns are numbered when they bring no id', async () => {
    const { send, waiting, published } = desk();
    for (const question of ['Price', 'total', 'cents']) send({ type: 'ask', question });
    await waiting();
    const turnsSeen = published.map(({ turnId }) => turnId).filter((id, i, all) => id !== all[i - 1]);
    expect(turnsSeen).toEqual(['turn-1', 'turn-2', 'turn-3', undefined]);
    expect(published.filter(({ type }) => type === 'llm_response')).toHaveLength(3);
  });

  it('that brings no id is recorded without a key: its name may come again', async () => {
    const { send, waiting, recorded } = desk();
    send({ type: 'ask', question: 'Price' });
    await waiting();
    expect(recorded).toMatchObject([{ options: { metadata: { turnId: 'turn-1' } } }]);
    expect(recorded[0]?.options).not.toHaveProperty('idempotencyKey');
  });

  it('with an id too long for a key is recorded all the same', async () => {
    const { send, waiting, recorded } = desk();
    send({ type: 'ask', question: 'Price', turnId: 't'.repeat(2000) });
    await waiting();
    expect(recorded[0]?.options).not.toHaveProperty('idempotencyKey');
  });

  it('is told piece by piece, and each pause knows which comes next', async () => {
    const inputs: PauseInput[] = [];
    const pause = fromPromise<void, PauseInput>(async ({ input }) => {
      inputs.push(input);
    });
    const { send, waiting } = desk({ logic: librarian.provide({ actors: { pause } }) });
    send({ type: 'ask', question: 'Where is Price defined?', turnId: 't' });
    await waiting();
    expect(inputs.map(({ agent, ...input }) => ({ id: agent.session.id, ...input }))).toEqual(
      [0, 1, 2, 3].map((told) => ({ id: 'desk', turnId: 't', told, pieces: 4 })),
    );
  });

  it.each([
    ['a number', { type: 'ask', question: 42 }],
    ['no question', { type: 'ask' }],
    ['a turn id that is no text', { type: 'ask', question: 'Price', turnId: 7 }],
  ])('that is malformed (%s) is refused, and the next one answered', async (_, event) => {
    const { send, waiting, statuses, of } = desk();
    send(event as LibrarianEvent);
    expect(statuses()).toEqual(['refused']);
    send({ type: 'ask', question: 'Price' });
    await waiting();
    expect(of('llm_response')).toHaveLength(1);
  });
});

describe('cancelling', () => {
  it('in the search ends the turn at once: its search cancelled, a final chunk, no response', async () => {
    const hold = gate();
    const { send, of, published, recorded, actor, read } = desk({ getFile: () => hold.promise });
    send({ type: 'ask', question: 'Price', turnId: 't' });
    await until(() => read.length === 1);
    send({ type: 'cancel' });
    expect(actor.getSnapshot().value).toBe('waiting');
    expect(published.slice(2)).toEqual([
      { type: 'tool_result', turnId: 't', toolId: 'search-1', toolName: 'search', status: 'cancelled' },
      { type: 'llm_stream_chunk', turnId: 't', content: '', chunkIndex: 0, isFinal: true },
      { type: 'agent_status', agentName: 'librarian', status: 'cancelled', turnId: 't' },
      { type: 'agent_status', agentName: 'librarian', status: 'waiting' },
    ]);
    hold.open();
    await turns();
    expect(of('llm_response')).toEqual([]);
    expect(recorded).toEqual([]);
    expect(read).toHaveLength(1); // the second file was never read
  });

  it('in the middle of the answer ends the stream there', async () => {
    const { send, of, waiting, recorded, statuses } = desk();
    send({ type: 'ask', question: 'Price', turnId: 't' });
    await until(() => of('llm_stream_chunk').length === 2);
    send({ type: 'cancel', turnId: 't' });
    await waiting();
    await turns();
    expect(of('llm_stream_chunk').map(({ chunkIndex, isFinal }) => [chunkIndex, isFinal])).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    expect(of('llm_stream_chunk')[2]?.content).toBe('');
    expect(of('tool_result').map(({ status }) => status)).toEqual(['success']);
    expect(of('llm_response')).toEqual([]);
    expect(recorded).toEqual([]);
    expect(statuses()).toEqual(['searching', 'answering', 'cancelled', 'waiting']);
  });

  it('takes the next question at once', async () => {
    const { send, of, waiting, statuses } = desk();
    send({ type: 'ask', question: 'Price', turnId: 'a' });
    send({ type: 'ask', question: 'total', turnId: 'b' });
    send({ type: 'cancel' });
    await waiting();
    expect(statuses()).toEqual(['searching', 'cancelled', 'searching', 'answering', 'waiting']);
    expect(of('llm_response').map(({ turnId }) => turnId)).toEqual(['b']);
  });

  it('a question that waits takes it from the queue, and its stream ends too', async () => {
    const { send, of, waiting, statuses } = desk();
    send({ type: 'ask', question: 'Price', turnId: 'a' });
    send({ type: 'ask', question: 'total', turnId: 'b' });
    send({ type: 'ask', question: 'cents', turnId: 'c' });
    send({ type: 'cancel', turnId: 'b' });
    await waiting();
    expect(statuses('b')).toEqual(['cancelled']);
    expect(of('llm_stream_chunk', 'b')).toEqual([
      { type: 'llm_stream_chunk', turnId: 'b', content: '', chunkIndex: 0, isFinal: true },
    ]);
    expect(of('tool_call').map(({ turnId }) => turnId)).toEqual(['a', 'c']);
    expect(of('llm_response').map(({ turnId }) => turnId)).toEqual(['a', 'c']);
  });

  it('what is not there, or has been told whole, changes nothing', async () => {
    const hold = gate();
    const { send, of, waiting, actor, statuses } = desk({ addMessage: () => hold.promise });
    send({ type: 'cancel' });
    send({ type: 'ask', question: 'Price', turnId: 't' });
    send({ type: 'cancel', turnId: 'other' });
    await until(() => actor.getSnapshot().value === 'recording');
    send({ type: 'cancel', turnId: 't' });
    hold.open();
    await waiting();
    expect(of('llm_response')).toHaveLength(1);
    expect(statuses()).toEqual(['searching', 'answering', 'waiting']);
  });
});

describe('failures', () => {
  it('in a search are its result, and the librarian answers the next question', async () => {
    let broken = true;
    const { send, published, of, waiting } = desk({
      getFile: async () => {
        if (broken) throw new Error('the disk is away');
      },
    });
    send({ type: 'ask', question: 'Price', turnId: 'a' });
    await waiting();
    expect(published.slice(2)).toEqual([
      {
        type: 'tool_result',
        turnId: 'a',
        toolId: 'search-1',
        toolName: 'search',
        status: 'error',
        error: 'the disk is away',
      },
      { type: 'llm_stream_chunk', turnId: 'a', content: '', chunkIndex: 0, isFinal: true },
      {
        type: 'agent_status',
        agentName: 'librarian',
        status: 'failed',
        turnId: 'a',
        message: 'the disk is away',
      },
      { type: 'agent_status', agentName: 'librarian', status: 'waiting' },
    ]);
    broken = false;
    send({ type: 'ask', question: 'Price', turnId: 'b' });
    await waiting();
    expect(of('llm_response').map(({ turnId }) => turnId)).toEqual(['b']);
  });

  it('that are no Error are told as text', async () => {
    const { send, of, waiting } = desk({ getFile: () => Promise.reject(undefined) });
    send({ type: 'ask', question: 'Price' });
    await waiting();
    expect(of('tool_result')[0]).toMatchObject({ status: 'error', error: 'undefined' });
  });

  it('of a pause that was provided end the answer, not the librarian', async () => {
    let beats = 0;
    const pause = fromPromise<void, PauseInput>(async () => {
      beats += 1;
      if (beats === 2) throw new Error('the metronome broke');
    });
    const { send, of, waiting, statuses } = desk({ logic: librarian.provide({ actors: { pause } }) });
    send({ type: 'ask', question: 'Price' });
    await waiting();
    expect(of('llm_stream_chunk').map(({ isFinal }) => isFinal)).toEqual([false, true]);
    expect(statuses()).toEqual(['searching', 'answering', 'failed', 'waiting']);
    send({ type: 'ask', question: 'Price' });
    await waiting();
    expect(of('llm_response')).toHaveLength(1);
  });

  it('to record the answer are told, and no response claims a message that is not there', async () => {
    const { send, of, waiting, statuses } = desk({ addMessage: () => Promise.reject(new Error('full')) });
    send({ type: 'ask', question: 'Price' });
    await waiting();
    expect(statuses()).toEqual(['searching', 'answering', 'failed', 'waiting']);
    expect(of('llm_response')).toEqual([]);
    expect(of('llm_stream_chunk').filter(({ isFinal }) => isFinal)).toHaveLength(1);
  });
});

describe('the end of the session', () => {
  it.each([
    ['before the search', 0],
    ['between two files', 1],
  ])('signalled %s cancels the turn and reads no further file', async (_, files) => {
    const { send, stop, of, read, waiting, statuses } = desk();
    if (files === 0) stop.abort();
    send({ type: 'ask', question: 'Price' });
    await until(() => read.length === files);
    stop.abort();
    await waiting();
    expect(read).toHaveLength(files);
    expect(of('tool_result').map(({ status }) => status)).toEqual(['cancelled']);
    expect(of('llm_response')).toEqual([]);
    expect(statuses()).toEqual(['searching', 'cancelled', 'waiting']);
  });

  it('signalled while it tells cancels the rest of the answer', async () => {
    const { send, stop, of, waiting, statuses } = desk();
    send({ type: 'ask', question: 'Price' });
    await until(() => of('llm_stream_chunk').length === 1);
    stop.abort();
    await waiting();
    expect(of('llm_stream_chunk').map(({ isFinal }) => isFinal)).toEqual([false, true]);
    expect(statuses()).toEqual(['searching', 'answering', 'cancelled', 'waiting']);
  });

  it('stops the actor in the middle of a turn without another word', async () => {
    const { send, actor, of, published, read } = desk();
    send({ type: 'ask', question: 'Price' });
    await until(() => of('llm_stream_chunk').length === 1);
    actor.stop();
    const before = published.length;
    await turns(20);
    expect(published).toHaveLength(before);
    expect(read).toHaveLength(2);
  });
});
