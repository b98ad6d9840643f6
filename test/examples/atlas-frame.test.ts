import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Board } from '../../examples/atlas/board.ts';
import { frameOf } from '../../examples/atlas/frame.ts';
import { bytesText, cell, clean, clip, colours, noColours, widthOf } from '../../examples/atlas/terminal.ts';
import type { PublishedEvent } from '../../src/events/types.ts';

const parts = Array.from({ length: 12 }, (_, i) => ({
  id: `${i}:part`,
  name: `packages/part-${i}`,
  files: [
    { path: `${i}/a.ts`, bytes: 10 },
    { path: `${i}/b.ts`, bytes: 10 },
  ],
}));
const header = { folder: '/home/me/project', elapsedMs: 1234, tick: 0 };

/** Only what an event tells counts here; the stamps do not. */
function event(sessionId: string, body: { type: string } & Record<string, unknown>): PublishedEvent {
  return { sessionId, seq: 1, at: '2026-01-01T00:00:00.000Z', ...body } as unknown as PublishedEvent;
}
const created = (id: string) => event(id, { type: 'session_created', metadata: {} });
const active = (id: string) =>
  event(id, { type: 'session_status', status: 'active', previousStatus: 'initializing' });
const hit = { path: '0/a.ts', line: 7, text: 'const x', score: 1 };

describe('the live picture', () => {
  it('has a row for each session, aligned, and what it is about now', () => {
    const board = new Board(parts.slice(0, 3));
    for (const row of board.rows) row.questions = 2;
    for (const each of [
      created('0:part'),
      active('0:part'),
      event('0:part', { type: 'context_updated', filesChanged: ['0/a.ts'] }),
      created('1:part'),
      active('1:part'),
      event('1:part', {
        type: 'conversation_added',
        message: { id: '1:part:1', role: 'user', content: 'x' },
      }),
      event('1:part', { type: 'tool_call', turnId: 't', parameters: { question: 'Where is x?' } }),
      event('1:part', {
        type: 'tool_result',
        turnId: 't',
        status: 'success',
        result: { words: ['x'], missing: [], hits: [hit] },
      }),
      event('1:part', {
        type: 'llm_stream_chunk',
        turnId: 't',
        content: '\n0/a.ts:7  const x',
        chunkIndex: 1,
      }),
      event('2:part', { type: 'session_terminated', reason: 'killed' }),
    ]) {
      board.apply(each);
    }
    expect(frameOf(board, header, { columns: 90, rows: 20 }, noColours)).toEqual([
      '  chartroom atlas  /home/me/project  ·  3 sessions                                 1.2 s',
      '',
      '    session          status            files  messages   cached  now                      ',
      '  ◐ packages/part-0  active              1/2         0      0 B  indexing 0/a.ts          ',
      '  ◐ packages/part-1  active              0/2         1      0 B  0/a.ts:7  const x        ',
      '  ✕ packages/part-2  killed              0/2         0      0 B  killed while answering:  ',
      '',
      '  ──────────────────────────────  0 of 4 answers  ·  10 events  ·  1 killed',
    ]);
  });

  it.each([
    [200, 50],
    [80, 24],
    [60, 24],
    [40, 10],
    [20, 6],
    [8, 3],
    [1, 1],
  ])('never leaves a terminal of %i columns and %i rows', (columns, rows) => {
    const board = new Board(parts);
    for (const { id } of parts) {
      board.apply(active(id));
      board.apply(
        event(id, { type: 'tool_call', turnId: 't', parameters: { question: '漢字'.repeat(200) } }),
      );
    }
    const lines = frameOf(board, header, { columns, rows }, noColours);
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  });

  it('says how many rows it has no room for', () => {
    const lines = frameOf(new Board(parts), header, { columns: 80, rows: 12 }, noColours);
    expect(lines.filter((line) => line.includes('packages/'))).toHaveLength(6);
    expect(lines.some((line) => line.includes('… and 6 more sessions'))).toBe(true);
  });

  it('takes the same room in colour', () => {
    const board = new Board(parts);
    const size = { columns: 90, rows: 20 };
    const bare = frameOf(board, header, size, colours).map(stripVTControlCharacters);
    expect(bare).toEqual(frameOf(board, header, size, noColours));
  });
});

describe('text for a terminal', () => {
  it('loses everything that could steer it', () => {
    expect(clean('a\u001b[31mb\u0007\tc\r\u202ed\u009b')).toBe('a[31mb  cd');
  });

  it('is measured in columns', () => {
    expect(widthOf('abc')).toBe(3);
    expect(widthOf('漢字')).toBe(4);
    expect(widthOf('e\u0301')).toBe(1);
    expect(cell('漢字漢字', 6)).toBe('漢字… ');
    expect(cell('7', 3, 'right')).toBe('  7');
    expect(clip('abc', 0)).toBe('');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [61_400, '61 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [25_000_000, '25 MB'],
  ])('tells %i bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
