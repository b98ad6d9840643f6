import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Channel, type Thread } from '../../../src/store/sqlite/channel.ts';
import type { Answer, State } from '../../../src/store/sqlite/protocol.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { turns } from '../../support/turns.ts';

/** A thread that is told what to answer. */
class ScriptedThread extends EventEmitter implements Thread {
  readonly messages: unknown[] = [];
  referenced = true;
  terminated = false;

  postMessage(operations: unknown): void {
    this.messages.push(operations);
  }

  reply(answers: readonly Answer[], state?: State): void {
    this.emit('message', { answers, state });
  }

  ref(): void {
    this.referenced = true;
  }

  unref(): void {
    this.referenced = false;
  }

  async terminate(): Promise<void> {
    this.terminated = true;
    this.emit('exit', 1);
  }
}

function connected(): { thread: ScriptedThread; channel: Channel } {
  const thread = new ScriptedThread();
  return { thread, channel: new Channel(thread, '/x.db') };
}

describe('the channel', () => {
  it('makes one message of what is asked in one turn, also by what only just went on', async () => {
    const { thread, channel } = connected();
    channel.ask('head', 'a');
    await Promise.resolve();
    channel.ask('head', 'b');
    process.nextTick(() => channel.ask('head', 'c'));
    expect(thread.messages).toEqual([]);
    await turns();
    channel.ask('head', 'd');
    await turns();
    expect(thread.messages).toEqual([
      [
        ['head', 'a'],
        ['head', 'b'],
        ['head', 'c'],
      ],
      [['head', 'd']],
    ]);
  });

  it('gives answers to whom they are for, in several messages or in one', async () => {
    const { thread, channel } = connected();
    const asked = ['a', 'b', 'c'].map((id) => channel.ask('head', id));
    await turns();
    thread.reply([{ gives: 'A' }]);
    expect(await asked[0]).toBe('A');
    const failed = failureOf(asked[1] as Promise<unknown>);
    thread.reply([
      { refusal: { code: 'STORE_CORRUPT', message: 'torn', sessionId: 'b', details: { reason: 'x' } } },
      { gives: undefined },
    ]);
    expect(await failed).toMatchObject({
      code: 'STORE_CORRUPT',
      message: 'torn',
      sessionId: 'b',
      details: { reason: 'x' },
    });
    expect(await asked[2]).toBeUndefined();
  });

  it('knows the state of the store before those who waited go on', async () => {
    const { thread, channel } = connected();
    const seen = channel.ask('append', []).then(() => channel.state);
    await turns();
    const state = { epoch: 3, lastSeq: 9, cutSeq: 2 };
    thread.reply([{ gives: undefined }], state);
    expect(await seen).toEqual(state);
    thread.reply([]);
    expect(channel.state).toEqual(state);
  });

  it('keeps the process alive for what is under way, and for nothing else', async () => {
    const { thread, channel } = connected();
    expect(thread.referenced).toBe(false);
    const asked = [channel.ask('head', 'a'), channel.ask('head', 'b')];
    expect(thread.referenced).toBe(true);
    await turns();
    thread.reply([{ gives: undefined }]);
    expect(thread.referenced).toBe(true);
    thread.reply([{ gives: undefined }]);
    expect(thread.referenced).toBe(false);
    await Promise.all(asked);
  });

  it.each([
    ['fails', 'error', new Error('out of memory'), /The thread of the store \/x\.db failed: out of memory/],
    ['ends', 'exit', 1, /The thread of the store \/x\.db ended with 1; open it again/],
  ] as const)('is STORE_FAILED for good when the thread %s', async (_what, event, value, message) => {
    const { thread, channel } = connected();
    const waiting = failureOf(channel.ask('append', []));
    await turns();
    const unsent = failureOf(channel.ask('append', []));
    thread.emit(event, value);
    for (const error of [await waiting, await unsent, await failureOf(channel.ask('counts', undefined))]) {
      expect(error.code).toBe('STORE_FAILED');
      expect(error.message).toMatch(message);
    }
    thread.emit('exit', 1);
    await turns();
    expect(thread.messages).toHaveLength(1);
  });

  it('that was ended is STORE_LOCKED, and has ended the thread', async () => {
    const { thread, channel } = connected();
    await channel.end();
    expect(thread).toMatchObject({ terminated: true, referenced: true });
    expect(await codeOf(channel.ask('counts', undefined))).toBe('STORE_LOCKED');
    await channel.end();
  });
});
