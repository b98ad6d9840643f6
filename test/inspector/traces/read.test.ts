import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Trace, viewerHtml } from '../../../src/inspect/index.ts';
import {
  MAX_TRACE_BYTES,
  readTrace,
  readTraceFile,
  recordingOf,
  traceOf,
  UnreadableTrace,
} from '../../../visualizations/inspector/src/traces/read.ts';

const trace: Trace = {
  format: 'chartroom-trace',
  version: 1,
  kind: 'machine',
  subject: 'lamp',
  seed: 1,
  path: '',
  definitions: {},
  steps: [{ words: 'start', atMs: 0 }],
  entries: [{ step: 0, atMs: 0, kind: 'schedule', label: 'x' }],
  run: null,
};

/** What somebody is told who opens this. */
function told(text: string): { title: string; message: string } {
  try {
    readTrace(text);
  } catch (error) {
    if (error instanceof UnreadableTrace) return { title: error.title, message: error.message };
    throw error;
  }
  throw new Error('It was read.');
}

describe('a trace is read', () => {
  it('from its text', () => {
    expect(readTrace(JSON.stringify(trace, null, 2))).toEqual(trace);
  });

  it('from a page that was saved with it', () => {
    const template = readFileSync(
      new URL('../../../visualizations/inspector/viewer.html', import.meta.url),
      'utf8',
    );
    const hostile = { ...trace, subject: '</script><b>"$&' };
    expect(readTrace(viewerHtml(template, { trace: hostile, drawings: {} }))).toEqual(hostile);
  });
});

describe('what cannot be read is said in words', () => {
  it.each([
    ['', 'There is nothing in it'],
    ['  \n', 'There is nothing in it'],
    ['hello', 'This is no trace'],
    ['[1, 2]', 'This is no trace'],
    ['{"format": "something else"}', 'This is no trace'],
    [JSON.stringify({ ...trace, version: 2 }), 'This trace is of another version'],
    [JSON.stringify({ ...trace, entries: 7 }), 'This trace is damaged'],
    [JSON.stringify(trace).slice(0, -20), 'This trace is cut off'],
    ['<!doctype html><p>hello', 'This page holds no trace'],
  ])('%j: %s', (text, title) => {
    expect(told(text).title).toBe(title);
    expect(told(text).message.length).toBeGreaterThan(10);
  });

  it('of a newer version, with what to do', () => {
    expect(told(JSON.stringify({ ...trace, version: 2 })).message).toContain(
      'Open it with the version of chartroom that wrote it',
    );
  });

  it('nested very deeply, without a stack that overflows', () => {
    const deep = JSON.stringify(trace).replace('"run":null', `"run":${'['.repeat(2000)}${']'.repeat(2000)}`);
    expect(told(deep).message).toContain('nested deeper');
  });

  it('too large, before it is read', async () => {
    const file = { size: MAX_TRACE_BYTES + 1, text: () => Promise.reject(new Error('It was read.')) };
    await expect(readTraceFile(file)).rejects.toThrow(UnreadableTrace);
  });
});

describe('a recording', () => {
  it('becomes a trace that is read again', () => {
    const recording = { definitions: { a: { id: 'a' } }, bases: {}, entries: trace.entries };
    const saved = traceOf(recording, 'session/a');
    expect(recordingOf(readTrace(JSON.stringify(saved)))).toEqual(recording);
    expect(saved.kind).toBe('recording');
  });

  it('of a trace without bases has none', () => {
    expect(recordingOf(trace).bases).toEqual({});
  });
});
