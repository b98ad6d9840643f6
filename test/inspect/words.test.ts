import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentInWords,
  entryInWords,
  eventInWords,
  excerpt,
  stateInWords,
} from '../../src/inspect/words.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';

const at = { step: 0, atMs: 0 };
const factWords = (type: string, payload: object) =>
  entryInWords({ ...at, kind: 'fact', fact: { type, payload } } as unknown as TraceEntry);

describe('entryInWords', () => {
  it.each<[string, object, string]>([
    [
      'conversation_added',
      { message: { role: 'user', content: 'hello' } },
      'conversation_added: user "hello"',
    ],
    ['session_created', { metadata: {} }, 'session_created'],
    ['session_created', { metadata: { a: 1 } }, 'session_created: {"a":1}'],
    ['session_status', { status: 'idle', previousStatus: 'active' }, 'session_status: active → idle'],
    [
      'session_crashed',
      { error: { name: 'Error', message: 'no' }, restarting: true, attempt: 2 },
      'session_crashed: Error "no"; restarts (2)',
    ],
    ['session_terminated', { reason: 'killed' }, 'session_terminated: killed'],
    ['agent_saved', { agent: { snapshot: { value: { a: 'b' } } } }, 'agent_saved: in a.b'],
    ['agent_saved', { agent: null }, 'agent_saved: completed'],
    ['agent_saved', { lost: 'too large' }, 'agent_saved: lost, too large'],
    ['conversation_cleared', {}, 'conversation_cleared'],
    ['context_updated', { filesChanged: ['a', 'b'], metadata: null }, 'context_updated: a, b forgotten'],
    ['working_context_updated', { key: 'k', value: [1] }, 'working_context_updated: k = [1]'],
    ['working_context_updated', { key: 'k' }, 'working_context_updated: k deleted'],
    ['llm_stream_chunk', { content: 'a', isFinal: true }, 'llm_stream_chunk: "a", the last'],
    ['llm_response', { content: 'Hello.' }, 'llm_response: "Hello."'],
    ['agent_status', { status: 'searching' }, 'agent_status: searching'],
    ['agent_status', { status: 'searching', message: 'Who?' }, 'agent_status: searching, Who?'],
    ['tool_call', { toolName: 'search', parameters: { q: 1 } }, 'tool_call: search {"q":1}'],
    ['tool_result', { toolName: 'search', status: 'error' }, 'tool_result: search error'],
    ['analysis_complete', { filesAnalyzed: 3, issuesFound: 1 }, 'analysis_complete: 3 files, 1 issues'],
    ['issue_found', { severity: 'high', message: 'no test' }, 'issue_found: high: no test'],
    ['issue_found', { severity: 'low', message: 'long', file: 'a.ts' }, 'issue_found: low: long (a.ts)'],
    ['session_created', { restored: { conversation: [] } }, 'session_created: restored from what was saved'],
    [
      'session_status',
      { status: 'terminating', previousStatus: 'idle', reason: 'idle' },
      'session_status: idle → terminating (idle)',
    ],
    ['session_terminated', { reason: 'crashed', error: 'gone' }, 'session_terminated: crashed: "gone"'],
    [
      'session_crashed',
      { error: { name: 'Error', message: 'no' }, restarting: false },
      'session_crashed: Error "no"; does not restart',
    ],
    ['context_updated', { filesChanged: ['a'], metadata: { lines: 1 } }, 'context_updated: a {"lines":1}'],
    ['file_added', { path: 'a.ts' }, 'file_added: a.ts'],
    ['file_removed', { path: 'a.ts' }, 'file_removed: a.ts'],
    ['of_tomorrow', {}, 'of_tomorrow'],
    ['of_tomorrow', { more: 1 }, 'of_tomorrow: {"more":1}'],
  ])('says %s %j', (type, payload, words) => {
    expect(factWords(type, payload)).toBe(words);
  });

  it('says of an event that leaves the value of a key out only which key it is', () => {
    const event = { type: 'working_context_updated', sessionId: 'a', seq: 1, at: '', key: 'k' };
    expect(entryInWords({ ...at, kind: 'event', event })).toBe('working_context_updated: k');
  });

  it('names what would turn its line around', () => {
    expect(factWords('conversation_added', { message: { role: 'user', content: 'a\u202eb' } })).toBe(
      'conversation_added: user "a\\u{202e}b"',
    );
    expect(stateInWords('x\u202e')).toBe('x\\u{202e}');
  });

  it('says what a call was, and what came of it', () => {
    const call = {
      ...at,
      kind: 'call',
      call: 1,
      name: 'send',
      sessionId: 'a',
      arguments: { key: null },
    } as const;
    expect(entryInWords(call)).toBe('send a {"key":null}');
    expect(entryInWords({ ...at, kind: 'settled', call: 1, ok: true, value: 'm' }, call)).toBe('send a: "m"');
    expect(entryInWords({ ...at, kind: 'settled', call: 1, ok: false, error: 'CLOSED' }, call)).toBe(
      'send a: CLOSED',
    );
    expect(entryInWords({ ...at, kind: 'settled', call: 7, ok: true })).toBe('call 7: done');
  });

  it('says where a chart is, and that it is done', () => {
    const chart = { ...at, kind: 'snapshot', definition: 'd', actor: 'x' } as const;
    expect(entryInWords({ ...chart, value: { a: 'b' }, status: 'done' })).toBe('is in a.b (done)');
  });

  it('says nothing but its kind where a value cannot be made a text', () => {
    const call = { toString: '' } as unknown as number;
    expect(entryInWords({ ...at, kind: 'settled', call, ok: true })).toBe('settled');
  });

  it('never throws, and is never long, whatever an entry holds', () => {
    const kinds = fc.constantFrom('fact', 'event', 'sent', 'snapshot', 'call', 'settled', 'schedule', 'else');
    const any = fc.jsonValue();
    const types = fc.constantFrom(
      'session_crashed',
      'conversation_added',
      'context_updated',
      'agent_saved',
      'tool_call',
    );
    const telling = fc.oneof(any, fc.record({ type: types, payload: any }));
    const entry = fc.record({
      kind: kinds,
      fact: telling,
      event: telling,
      value: any,
      name: any,
      arguments: any,
    });
    const property = fc.property(entry, (drawn) => {
      expect(entryInWords(drawn as unknown as TraceEntry).length).toBeLessThan(1000);
    });
    fc.assert(property, { seed: 1, numRuns: 500 });
  });
});

describe('eventInWords', () => {
  it.each<[object, string]>([
    [{ type: 'pay' }, 'pay'],
    [{ type: 'add', cents: 3 }, 'add {"cents":3}'],
    [{ type: 'xstate.after.10000.checkout.charging' }, 'after 10000 ms (checkout.charging)'],
    [{ type: 'xstate.done.actor.charge', output: 'r' }, 'done: charge "r"'],
    [{ type: 'xstate.after.patience.scripted.answering' }, 'after patience (scripted.answering)'],
    [{ type: 'xstate.done.state.checkout.paying' }, 'done: checkout.paying'],
    [{ type: 'xstate.done.actor.0.checkout.paying' }, 'done: checkout.paying'],
    [{ type: 'xstate.done.actor.1.checkout.paying' }, 'done: checkout.paying #1'],
    [{ type: 'xstate.error.actor.charge', error: 'no' }, 'error: charge "no"'],
  ])('says %j', (event, words) => {
    expect(eventInWords(event)).toBe(words);
  });
});

describe('other words', () => {
  it('name all that is active of a parallel state', () => {
    expect(stateInWords({ upload: 'running', form: { edit: 'name', shown: {} } })).toBe(
      'upload.running, form.edit.name, form.shown',
    );
    expect(stateInWords(undefined)).toBe('nothing');
  });

  it('show the text of a message’s parts, and of the others the type', () => {
    expect(
      contentInWords([
        { type: 'text', text: 'look' },
        { type: 'image', url: 'x' },
      ]),
    ).toBe('"look" [image]');
  });

  it('cut what is long, without writing all of it', () => {
    expect(excerpt('x'.repeat(1e6)).length).toBeLessThan(200);
    const wide = Object.fromEntries(
      Array.from({ length: 1e4 }, (_, n) => [`k${n}`, { a: { b: { c: { d: n } } } }]),
    );
    expect(excerpt(wide).length).toBeLessThan(200);
  });
});
