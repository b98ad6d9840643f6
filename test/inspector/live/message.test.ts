import { describe, expect, it } from 'vitest';
import { readMessage } from '../../../visualizations/inspector/src/live/message.ts';
import { fleetRow } from '../fleet/row.ts';

const read = (message: unknown) => readMessage(JSON.stringify(message));
const subject = 'session/a';
const detail = { actors: [], deadlines: [], tasks: 0, asleep: false };
const recording = { definitions: {}, bases: {}, entries: [] };
const stats = { sessions: { active: 1 } };

describe('a message of the inspector', () => {
  it.each([
    { type: 'hello', allow: ['kill'], redacted: [], now: 1, version: '1', definitions: {}, recording: false },
    { type: 'fleet', reset: true, rows: [fleetRow('a')], hidden: 2 },
    { type: 'fleet', changes: [{ id: 'a', messages: 1, reason: null }], gone: ['b'] },
    { type: 'apps', rows: [{ id: 'x:0' }] },
    { type: 'pulse', now: 1, stats, facts: {}, recording: false },
    { type: 'looking', subject, recording, detail, now: 1, cut: false },
    { type: 'entries', subject, entries: [{ kind: 'fact' }] },
    { type: 'detail', subject, detail, now: 1 },
    { type: 'missing', subject, message: 'gone' },
    { type: 'answer', request: 1, ok: true },
    { type: 'refused', message: 'odd' },
    { type: 'closed', message: 'over' },
    { type: 'horoscope' },
  ])('$type is taken as it is', (message) => {
    expect(read(message)).toEqual(message);
  });

  it.each([
    ['text that is no JSON', '{'],
    ['bytes', new Uint8Array(2)],
    ['nothing', undefined],
  ])('is not %s', (_what, data) => {
    expect(readMessage(data)).toBeUndefined();
  });

  it.each([
    null,
    7,
    [],
    {},
    { type: 7 },
    { type: 'hello' },
    { type: 'hello', allow: 'kill', redacted: [], now: 1 },
    { type: 'fleet', rows: {} },
    { type: 'fleet', rows: [{ id: 7 }] },
    { type: 'fleet', changes: [null] },
    { type: 'fleet', gone: [7] },
    { type: 'apps' },
    { type: 'pulse', now: 1 },
    { type: 'pulse', now: 1, facts: {}, stats: { sessions: { active: 'many' } } },
    { type: 'looking', subject, recording: { entries: [] }, detail, now: 1 },
    { type: 'looking', subject, recording: { ...recording, entries: [null] }, detail, now: 1 },
    { type: 'looking', subject, recording, now: 1 },
    { type: 'entries', subject, entries: 'many' },
    { type: 'detail', subject, detail: { actors: 7 }, now: 1 },
    { type: 'closed' },
  ])('is not %j', (message) => {
    expect(read(message)).toBeUndefined();
  });
});
