import { describe, expect, it } from 'vitest';
import { viewerHtml } from '../../src/inspect/viewer-html.ts';
import type { Trace } from '../../src/testing/trace.ts';

const template =
  '<!doctype html><title>chartroom trace</title>' +
  '<script type="application/json" id="saved-trace">null</script><script>run()</script>';

const trace = (over: Partial<Trace> = {}): Trace => ({
  format: 'chartroom-trace',
  version: 1,
  kind: 'machine',
  subject: 'lamp',
  seed: 1,
  path: '',
  definitions: {},
  steps: [],
  entries: [],
  run: null,
  ...over,
});

/** What a browser takes for the data: up to the first `</script`. */
function savedIn(html: string): unknown {
  const text = html.match(/id="saved-trace">([\s\S]*?)<\/script/)?.[1];
  return JSON.parse(text ?? '');
}

describe('the page of a trace', () => {
  it('holds the trace and its drawings', () => {
    const saved = { trace: trace(), drawings: { abc: { width: 1 } } };
    expect(savedIn(viewerHtml(template, saved))).toEqual(saved);
  });

  it('is named after what the trace is of', () => {
    expect(viewerHtml(template, { trace: trace(), drawings: {} })).toContain(
      '<title>lamp · chartroom trace</title>',
    );
  });

  it.each([
    '</script><script>alert(1)</script>',
    '<!-- <script>',
    '</title><img src=x onerror=alert(1)>',
    "$& $` $' $1 $$",
    '\u2028\u2029\ud800 &lt; \\u003c',
  ])('begins no tag of its own with %j in names and values', (hostile) => {
    const saved = {
      trace: trace({ subject: hostile, steps: [{ words: hostile, atMs: 0 }] }),
      drawings: { [hostile]: {} },
    };
    const html = viewerHtml(template, saved);
    expect(savedIn(html)).toEqual(saved);
    expect(html.match(/<[^>]*>/g)?.map((tag) => tag.split(' ')[0])).toEqual([
      '<!doctype',
      '<title>',
      '</title>',
      '<script',
      '</script>',
      '<script>',
      '</script>',
    ]);
  });

  it('is made from the viewer only: any other template is refused', () => {
    expect(() => viewerHtml('<!doctype html>', { trace: trace(), drawings: {} })).toThrow(
      'The template is not the viewer: expected the text of dist/inspector/viewer.html',
    );
  });
});
