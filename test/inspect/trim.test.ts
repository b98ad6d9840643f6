import { describe, expect, it } from 'vitest';
import { momentAt } from '../../src/inspect/moment.ts';
import type { Recording } from '../../src/inspect/protocol.ts';
import { trimRecording } from '../../src/inspect/trim.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';

const fact = (seq: number, type: string, payload: object): TraceEntry => ({
  step: 0,
  atMs: seq,
  kind: 'fact',
  fact: { seq, sessionId: 'a', sessionSeq: seq, at: '2026-01-01T00:00:00.000Z', type, payload } as never,
});

const config = { maxMessages: 10, maxTokens: 1000, maxFiles: 10, features: [] };
const recording: Recording = {
  definitions: {},
  bases: {},
  entries: [
    fact(1, 'session_created', { metadata: {}, llmConfig: {}, config }),
    {
      step: 0,
      atMs: 1,
      kind: 'snapshot',
      definition: 'session',
      actor: 'a',
      value: 'initializing',
      status: 'active',
    },
    fact(2, 'file_added', { path: 'one' }),
    fact(3, 'file_added', { path: 'two' }),
    fact(4, 'file_added', { path: 'three' }),
  ],
};

describe('a recording cut to its last entries', () => {
  it('is the same one when it has no more than that', () => {
    expect(trimRecording(recording, 5)).toBe(recording);
  });

  it('says of its end what the whole one does', () => {
    const short = trimRecording(recording, 2);
    const files = (of: Recording, n: number) => [
      ...(momentAt(of, n).sessions.get('a')?.state.files?.keys() ?? []),
    ];
    expect(files(short, short.entries.length)).toEqual(['one', 'two', 'three']);
    expect(momentAt(short, short.entries.length).charts).toEqual(
      new Map([...momentAt(recording, 5).charts].map(([id, chart]) => [id, { ...chart, entry: 0 }])),
    );
  });

  it('keeps the last entries as they are, behind the snapshots that it carries', () => {
    const { entries } = trimRecording(recording, 2);
    expect(entries.slice(-2)).toEqual(recording.entries.slice(-2));
    expect(entries.map(({ kind }) => kind)).toEqual(['snapshot', 'fact', 'fact']);
  });
});
