import { describe, expect, it, onTestFinished } from 'vitest';
import { watchConversation, watchSession, watchState } from '../../src/bindings/index.ts';
import type { SessionInfo } from '../../src/data.ts';
import { SessionError } from '../../src/errors.ts';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { deferredStore } from '../support/deferred-store.ts';
import { codeOf } from '../support/errors.ts';
import { eventAt, fakeClient, infoAt, messageAt, missing } from '../support/fake-client.ts';
import { gate } from '../support/gate.ts';
import { scriptedAgent } from '../support/scripted-agent.ts';
import { turns } from '../support/turns.ts';
import { look } from '../support/watching.ts';

/** A client with one session, whose conversation a test changes. */
function talk() {
  const at = { seq: 10, messages: [messageAt('q', 3)], isThere: true };
  const asked: Array<number | undefined> = [];
  const fake = fakeClient({
    snapshot: async (id, { messages } = {}) => {
      asked.push(messages);
      if (!at.isThere) throw missing();
      const info = infoAt(id, 1, { messageCount: at.messages.length });
      return { info, messages: messages === 0 ? [] : [...at.messages], seq: at.seq };
    },
  });
  return { ...fake, at, asked };
}

describe('a conversation', () => {
  it('takes its events from the cursor of the last question, and adds none that its snapshot has', async () => {
    const { client, subscriptions, emit } = talk();
    const seen = look(watchConversation(client, 'ada'));
    await turns();
    expect(subscriptions).toHaveLength(1);
    expect(subscriptions[0]?.options).toEqual({ from: 3 });
    emit(eventAt(9, 'llm_stream_chunk', { turnId: 't', content: 'Be' }));
    emit(eventAt(10, 'conversation_added', { message: messageAt('q', 3) }));
    emit(eventAt(11, 'llm_stream_chunk', { turnId: 't', content: 'cause' }));
    await turns();
    expect(seen.now.messages).toHaveLength(1);
    expect(seen.now.streaming.map(({ text }) => text)).toEqual(['Because']);
  });

  it('has past events told for what is being told alone: nothing is asked for them', async () => {
    const { client, asked, emit } = talk();
    look(watchSession(client, 'ada'));
    const seen = look(watchConversation(client, 'ada'));
    await turns();
    expect(asked).toEqual([0, undefined]);
    emit(eventAt(8, 'session_status', { status: 'active' }));
    emit(eventAt(9, 'llm_stream_chunk', { turnId: 't', content: 'Be' }));
    await turns();
    expect(seen.now.streaming).toHaveLength(1);
    expect(asked).toEqual([0, undefined]);
  });

  it('that could not be had is asked for again with the next event', async () => {
    let isBroken = true;
    const { client, emit } = fakeClient({
      snapshot: async (id) => {
        if (isBroken) throw new SessionError('STORE_FAILED', 'The disk is away.');
        return { info: infoAt(id, 1), messages: [], seq: 5 };
      },
    });
    const seen = look(watchConversation(client, 'ada'));
    await turns();
    expect(seen.now.error?.code).toBe('STORE_FAILED');
    isBroken = false;
    emit(eventAt(3, 'agent_status', { agentName: 'x', status: 'y' }));
    await turns();
    expect(seen.now.status).toBe('ready');
  });

  it('is taken anew after a gap, once, and not for one that its snapshot is past', async () => {
    const { client, at, asked, emit } = talk();
    const seen = look(watchConversation(client, 'ada'));
    await turns();
    emit({ type: 'gap', seq: 8, at: '', from: 4, to: 8 });
    await turns();
    expect(asked).toEqual([undefined]);
    at.messages.push(messageAt('a', 12));
    at.seq = 15;
    for (let n = 0; n < 3; n++) {
      emit({ type: 'gap', seq: 20, at: '', from: 11, to: 20 });
      await turns();
    }
    expect(asked).toEqual([undefined, undefined]);
    expect(seen.now.messages.map(({ id }) => id)).toEqual(['q', 'a']);
  });

  it('does not show an answer as being told while its past is told again', async () => {
    const { client, at, emit } = talk();
    at.messages.push(messageAt('a', 8, { role: 'assistant', content: 'Because' }));
    const seen = look(watchConversation(client, 'ada'));
    await turns();
    // Page by page, with turns between them.
    emit(eventAt(5, 'llm_stream_chunk', { turnId: 't', content: 'Be' }));
    await turns();
    emit(eventAt(8, 'conversation_added', { message: at.messages[1] }));
    await turns();
    expect(seen.views.flatMap(({ streaming }) => streaming)).toEqual([]);
    emit(eventAt(9, 'llm_stream_chunk', { turnId: 'u', content: 'And' }));
    await turns();
    expect(seen.now.streaming.map(({ text }) => text)).toEqual(['And']);
  });

  it('never has messages of two sessions of its id', async () => {
    const { client, at, emit } = talk();
    const seen = look(watchConversation(client, 'ada'));
    await turns();
    Object.assign(at, { messages: [messageAt('new', 13)], seq: 13 });
    emit(eventAt(11, 'session_terminated', { reason: 'normal' }));
    emit(eventAt(12, 'session_created', { metadata: {} }));
    emit(eventAt(13, 'conversation_added', { message: messageAt('new', 13) }));
    await turns();
    expect(seen.views.map(({ messages }) => messages.map(({ id }) => id).join())).toEqual(['', 'q', 'new']);
  });

  it('drops what the session says that it holds no longer', async () => {
    const { client, at, emit } = talk();
    const seen = look(watchConversation(client, 'ada'));
    await turns();
    at.messages = [messageAt('long', 11)];
    at.seq = 11;
    emit(eventAt(11, 'conversation_added', { message: messageAt('long', 11) }));
    await turns();
    expect(seen.now.messages.map(({ id }) => id)).toEqual(['long']);
  });

  it('keeps what was said when its session is gone, and is another when that comes again', async () => {
    const { client, at, emit } = talk();
    const seen = look(watchConversation(client, 'ada'));
    await turns();
    at.isThere = false;
    emit(eventAt(11, 'session_terminated', { reason: 'killed' }));
    await turns();
    expect(seen.now).toMatchObject({ status: 'error', error: { code: 'SESSION_NOT_FOUND' } });
    expect(seen.now.messages).toHaveLength(1);
    Object.assign(at, { isThere: true, messages: [], seq: 12 });
    emit(eventAt(12, 'session_created', { metadata: {} }));
    await turns();
    expect(seen.now).toMatchObject({ status: 'ready', messages: [] });
  });

  it('misses and repeats nothing of a session that is written to all the while', async () => {
    for (const store of [memoryStore({ retainEvents: 20 }), deferredStore()]) {
      const manager = createSessionManager({ store, sessionDefaults: { maxMessages: 30 } });
      onTestFinished(() => manager.close());
      const session = await manager.createSession({ id: 'ada' });
      const writes: Promise<unknown>[] = [];
      const stops: Array<() => void> = [];
      for (let n = 0; n < 60; n++) {
        writes.push(session.send('user', String(n)));
        if (n === 40) writes.push(session.context.clearConversation());
        if (n % 10 === 0) stops.push(look(watchConversation(manager, 'ada')).stop);
        if (n % 15 === 0) stops.pop()?.();
        await turns(n % 3);
      }
      const seen = look(watchConversation(manager, 'ada'));
      await Promise.all(writes);
      await turns(100);
      expect(seen.now.messages).toEqual(await session.context.history());
      expect(seen.now.messages).toHaveLength(19);
    }
  });

  it('has the limits of its session, by tokens too', async () => {
    const manager = createSessionManager({ countTokens: (text) => text.length });
    onTestFinished(() => manager.close());
    const session = await manager.createSession({ id: 'ada', config: { maxTokens: 10 } });
    const seen = look(watchConversation(manager, 'ada'));
    for (const text of ['1234', '5678', '90123']) await session.send('user', text);
    await turns();
    expect(seen.now.messages.map(({ content }) => content)).toEqual(['5678', '90123']);
    expect(seen.now.messages).toEqual(await session.context.history());
  });

  it('ends what was being told when its session crashes, and goes on with the next', async () => {
    const manager = createSessionManager({ agent: scriptedAgent, supervision: { restart: 'transient' } });
    onTestFinished(() => manager.close());
    const session = await manager.createSession({ id: 'ada' });
    const seen = look(watchConversation(manager, 'ada'));
    const say = async (text: string) => {
      await session.dispatch({ type: 'ask', turnId: text, question: '' });
      await session.dispatch({ type: 'say', text });
      await turns();
    };
    await say('one');
    expect(seen.now.streaming).toHaveLength(1);
    expect(await codeOf(session.dispatch({ type: 'crash' }))).toBe('SESSION_CRASHED');
    await turns();
    expect(seen.now).toMatchObject({ status: 'ready', streaming: [] });
    await say('two');
    expect(seen.now.streaming.map(({ text }) => text)).toEqual(['two']);
  });
});

describe('an info record', () => {
  it('is asked for again when somebody comes while an older answer is on its way', async () => {
    let status: SessionInfo['status'] = 'active';
    let slow: Promise<void> | undefined;
    const { client, emit } = fakeClient({
      snapshot: async (id) => {
        const answer = { info: infoAt(id, 1, { status }), messages: [], seq: 5 };
        await slow;
        return answer;
      },
    });
    look(watchConversation(client, 'ada'));
    await turns();
    const answered = gate();
    slow = answered.promise;
    emit(eventAt(6, 'conversation_added', { message: messageAt('q', 6) }));
    await turns();
    status = 'idle';
    slow = undefined;
    emit(eventAt(7, 'session_status', { status }));
    const seen = look(watchSession(client, 'ada'));
    await turns();
    answered.open();
    await turns();
    expect(seen.now.info?.status).toBe('idle');
  });

  it('and files are as new as a conversation that was answered before its events came', async () => {
    let status: SessionInfo['status'] = 'active';
    let files: unknown[] = [];
    let seq = 5;
    const { client, emit } = fakeClient({
      snapshot: async (id) => ({ info: infoAt(id, 1, { status }), messages: [], seq }),
      build: async () => ({ files }),
    });
    const seen = look(watchSession(client, 'ada'));
    const state = watchState(client, 'ada');
    void state.get().files;
    state.subscribe(() => {});
    await turns();
    status = 'idle';
    files = [{ path: 'a.ts', addedAt: '' }];
    seq = 8;
    look(watchConversation(client, 'ada'));
    await turns();
    emit(eventAt(7, 'session_status', { status }));
    emit(eventAt(8, 'file_added', { path: 'a.ts' }));
    await turns();
    expect(seen.now.info?.status).toBe('idle');
    expect(state.get().files).toEqual(files);
  });
});

describe('one subscription', () => {
  it('has no pieces of answers while nobody looks at the conversation', async () => {
    const { client, subscriptions, asked, emit } = talk();
    const seen = look(watchSession(client, 'ada'));
    await turns();
    expect(subscriptions.map(({ options }) => options.types?.includes('llm_stream_chunk' as never))).toEqual([
      false,
    ]);
    emit(eventAt(11, 'conversation_added', { message: messageAt('a', 11) }));
    emit(eventAt(12, 'agent_status', { agentName: 'x', status: 'y' }));
    await turns();
    expect(asked).toEqual([0, 0]);
    expect(seen.told()).toBe(1);
  });

  it('ends with the last that looks, and nothing is told or asked after that', async () => {
    const { client, subscriptions, asked, emit } = talk();
    const [info, conversation] = [look(watchSession(client, 'ada')), look(watchConversation(client, 'ada'))];
    await turns();
    const before = [info.views.length, conversation.views.length, asked.length];
    const listeners = [...subscriptions];
    info.stop();
    conversation.stop();
    await turns();
    expect(subscriptions).toEqual([]);
    for (const { listener } of listeners) listener(eventAt(11, 'session_terminated', { reason: 'normal' }));
    emit(eventAt(12, 'session_created', { metadata: {} }));
    await turns();
    expect([info.views.length, conversation.views.length, asked.length]).toEqual(before);
  });
});
