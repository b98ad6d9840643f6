import { describe, expect, it } from 'vitest';
import { fromPromise } from 'xstate';
import { librarian } from '../../../src/agents/librarian.ts';
import { gate } from '../../support/gate.ts';
import { turns, until } from '../../support/turns.ts';
import { desk } from './desk.ts';

describe('sharing the thread', () => {
  it('gives way between the pieces of an answer', async () => {
    const { send, waiting, of } = desk();
    const between: number[] = [];
    send({ type: 'ask', question: 'Price' });
    for (let turn = 0; of('llm_stream_chunk').length < 4 && turn < 400; turn++) {
      between.push(of('llm_stream_chunk').length);
      await turns(1);
    }
    await waiting();
    expect(new Set(between)).toEqual(new Set([0, 1, 2, 3]));
  });

  it('lets two hundred of them answer side by side', async () => {
    const desks = Array.from({ length: 200 }, () => desk());
    for (const { send } of desks) send({ type: 'ask', question: 'Price' });
    const finished: number[] = [];
    await Promise.all(desks.map(({ waiting }, i) => waiting().then(() => finished.push(i))));
    expect(new Set(desks.map(({ of }) => of('llm_response')[0]?.content)).size).toBe(1);
    expect(finished).toHaveLength(200);
  });

  it('tells at the pace that is provided', async () => {
    const beat = gate();
    let beats = 0;
    const logic = librarian.provide({
      actors: {
        pause: fromPromise(async () => {
          beats += 1;
          if (beats === 3) await beat.promise;
        }),
      },
    });
    const { send, of, waiting } = desk({ logic });
    send({ type: 'ask', question: 'Price' });
    await until(() => beats === 3);
    await turns();
    expect(of('llm_stream_chunk')).toHaveLength(2);
    beat.open();
    await waiting();
    expect(of('llm_stream_chunk')).toHaveLength(4);
  });
});
