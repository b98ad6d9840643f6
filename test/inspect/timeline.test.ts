import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../src/inspect/compare.ts';
import { type Moment, momentAt } from '../../src/inspect/moment.ts';
import type { Recording } from '../../src/inspect/protocol.ts';
import { Sequence } from '../../src/inspect/sequence.ts';
import { Timeline } from '../../src/inspect/timeline.ts';
import { snapshotData } from '../../src/session/snapshot.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { createdFact, factOf } from '../support/facts.ts';

/** What one number stands for: some entry of a run with three sessions. */
function entryOf(kind: number, n: number): TraceEntry {
  const sessionId = `s${n % 3}`;
  const stamp = { seq: n + 1, sessionId, at: new Date(n).toISOString() };
  const fact = (told: object) => ({ step: 0, atMs: n, kind: 'fact', fact: told }) as TraceEntry;
  const message = { id: `${n}`, seq: n, role: 'user' as const, content: `${n}`, createdAt: '' };
  const makers: (() => TraceEntry)[] = [
    () => fact(createdFact(stamp, { maxMessages: 5 })),
    () => fact(factOf(stamp, 'conversation_added', { message, tokens: 1 })),
    () => fact(factOf(stamp, 'file_added', { path: `f${n % 7}` })),
    () => fact(factOf(stamp, 'context_updated', { filesChanged: [`f${n % 7}`], metadata: { n } })),
    () => fact(factOf(stamp, 'working_context_updated', { key: `k${n % 5}`, value: n })),
    () => fact(factOf(stamp, 'llm_stream_chunk', { turnId: `t${n % 2}`, content: `${n}` })),
    () => fact(factOf(stamp, 'session_status', { status: 'idle', previousStatus: 'active' })),
    () => fact(factOf(stamp, 'session_terminated', { reason: 'normal' })),
    () => ({ step: 0, atMs: n, kind: 'sent', definition: 'd', actor: sessionId, event: { type: `e${n}` } }),
    () => ({
      step: 0,
      atMs: n,
      kind: 'snapshot',
      definition: 'd',
      actor: sessionId,
      value: n,
      status: 'active',
    }),
    () => ({ step: 0, atMs: n, kind: 'call', call: n, name: 'send' }),
    () => ({ step: 0, atMs: n, kind: 'settled', call: n - 1, ok: true }),
    () => fact({ type: 'file_added', sessionId }),
  ];
  return (makers[kind % makers.length] as () => TraceEntry)();
}

const recordingOf = (kinds: readonly number[]): Recording => ({
  definitions: {},
  bases: { s0: { sessionSeq: 0, version: 1, data: { workingContext: [['before', true]] } } },
  entries: kinds.map(entryOf),
});

/** The same as data that can be held against another. */
function plain({ n, sessions, charts, calls }: Moment): unknown {
  const told = [...sessions].map(([id, { state, ...rest }]) => [id, snapshotData(state), rest]);
  return { n, told, charts: [...charts], calls: [...calls] };
}

const kinds = fc.array(fc.nat(12), { minLength: 2500, maxLength: 4000, size: 'max' });
const places = fc.array(fc.nat(4000), { minLength: 1, maxLength: 8 });

describe('Timeline', () => {
  it('says of any moment, asked for in any order, what a fold from the beginning says', () => {
    const property = fc.property(kinds, places, (drawn, asked) => {
      const recording = recordingOf(drawn);
      const timeline = new Timeline(recording);
      for (const n of asked.map((place) => Math.min(place, drawn.length)))
        expect(plain(timeline.at(n))).toEqual(plain(momentAt(recording, n)));
    });
    fc.assert(property, { numRuns: 6, seed: 5 });
  });

  it('says after entries have come what one that is made then says', () => {
    const property = fc.property(kinds, places, (drawn, cuts) => {
      const whole = recordingOf(drawn);
      const lengths = [...cuts.map((cut) => Math.min(cut, drawn.length)).sort((a, b) => a - b), drawn.length];
      const timeline = new Timeline({ ...whole, entries: whole.entries.slice(0, lengths[0]) });
      for (const length of lengths) {
        const longer = { ...whole, entries: whole.entries.slice(0, length) };
        expect(timeline.extend(longer)).toBe(true);
        expect(plain(timeline.at(length))).toEqual(plain(new Timeline(longer).at(length)));
      }
      expect(plain(timeline.at(17))).toEqual(plain(momentAt(whole, 17)));
    });
    fc.assert(property, { numRuns: 6, seed: 6 });
  });

  it('does not take another recording for its own with more behind', () => {
    const recording = recordingOf([0, 1, 2]);
    const timeline = new Timeline(recording);
    expect(timeline.extend(recordingOf([0, 1, 2, 3]))).toBe(false);
    expect(timeline.extend({ ...recording, entries: recording.entries.slice(1) })).toBe(false);
    expect(timeline.extend({ ...recording, bases: {} })).toBe(false);
    expect(timeline.length).toBe(3);
  });

  it('takes up the first entries of a recording that had none', () => {
    const { entries, ...rest } = recordingOf([0, 1]);
    const timeline = new Timeline({ ...rest, entries: [] });
    expect(timeline.extend({ ...rest, entries })).toBe(true);
    expect(timeline.at(2).n).toBe(2);
  });

  it('gives the nearer end for a moment that is not there', () => {
    const timeline = new Timeline(recordingOf([0, 1, 2]));
    expect([-1, Number.NaN, 1.7, 99].map((n) => timeline.at(n).n)).toEqual([0, 0, 1, 3]);
  });

  it('takes whatever the entries of a stranger hold', () => {
    const any = fc.jsonValue();
    const types = fc.constantFrom(
      ...['session_created', 'session_status', 'session_crashed', 'session_terminated', 'agent_saved'],
      ...['conversation_added', 'conversation_cleared', 'file_added', 'file_removed', 'context_updated'],
      ...['working_context_updated', 'llm_stream_chunk', 'llm_response', 'agent_status', 'of_tomorrow'],
    );
    const texts = { path: fc.string(), key: fc.string(), status: fc.string() };
    const names = [
      'metadata',
      'value',
      'tokens',
      'restored',
      'config',
      'turnId',
      'content',
      'messageId',
      'error',
    ];
    const parts = {
      ...Object.fromEntries(names.map((name) => [name, any])),
      filesChanged: fc.array(fc.oneof(fc.string(), any)),
      message: fc.record({ role: fc.string(), content: any, id: any, idempotencyKey: any }),
    };
    const payload = fc.oneof(any, fc.record({ ...texts, ...parts }, { requiredKeys: [] }));
    const telling = fc.oneof(
      any,
      fc.record({ type: types, sessionId: fc.constantFrom('a', 'b'), payload, message: any }),
    );
    const kind = fc.constantFrom('fact', 'event', 'sent', 'snapshot', 'call', 'settled', 'schedule', 'else');
    const entry = fc.record(
      {
        kind,
        fact: telling,
        event: telling,
        definition: any,
        actor: any,
        value: any,
        status: any,
        call: any,
      },
      { requiredKeys: ['kind'] },
    );
    const bases = fc.dictionary(fc.constantFrom('a', '__proto__'), fc.record({ data: any, version: any }));
    const property = fc.property(fc.array(entry), bases, (entries, base) => {
      const recording = { definitions: {}, bases: base, entries } as unknown as Recording;
      const timeline = new Timeline(recording);
      const sequence = new Sequence(recording);
      const whole = timeline.at(entries.length);
      expect(whole.n).toBe(entries.length);
      compare(timeline.at(0), whole);
      for (const index of entries.keys()) expect(sequence.lanes).toContain(sequence.row(index)?.to);
    });
    fc.assert(property, { numRuns: 150, seed: 8 });
  });

  it('goes to any moment of 50,000 entries by folding some thousand of them', () => {
    const entries = Array.from({ length: 50_000 }, (_, n) => entryOf(n === 0 ? 0 : 1, n));
    let applied = 0;
    const counted = entries.map(
      (entry) =>
        new Proxy(entry, {
          get(target, key) {
            if (key === 'fact') applied += 1;
            return Reflect.get(target, key);
          },
        }),
    );
    const timeline = new Timeline({ definitions: {}, bases: {}, entries: counted });
    timeline.at(50_000);
    const perEntry = applied / 50_000;
    applied = 0;
    timeline.at(31_999);
    expect(applied / perEntry).toBeLessThanOrEqual(1001);
    timeline.at(32_000);
    expect(applied / perEntry).toBeLessThanOrEqual(1002);
  });
});
