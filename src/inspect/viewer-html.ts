/**
 * A saved trace as one page: the viewer's own HTML, which holds all of its script and style, with the trace and the
 * drawings of its charts put in. It opens from a disk, without a network and without this package.
 */
import type { Trace } from '../testing/trace.ts';

export interface SavedTrace {
  readonly trace: Trace;
  /** Layouts of the trace's charts, by `chartKey`. A chart without one is shown as an outline. */
  readonly drawings: Readonly<Record<string, object>>;
}

/** Where a page holds its trace: a block of data, which no browser runs. */
const SLOT = /(<script type="application\/json" id="saved-trace">)[^<]*(<\/script>)/;

/**
 * The page of a trace. `template` is the text of `viewer.html` as the package has it in `dist/inspector`. Throws a
 * `TypeError` when it is not.
 */
export function viewerHtml(template: string, saved: SavedTrace): string {
  if (!SLOT.test(template))
    throw new TypeError(
      'The template is not the viewer: expected the text of dist/inspector/viewer.html, ' +
        `got one that begins ${JSON.stringify(template.slice(0, 40))}.`,
    );
  const title = `<title>${escaped(saved.trace.subject)} · chartroom trace</title>`;
  // Functions, since "$&" in a trace would be read as a pattern.
  return template
    .replace(/<title>[^<]*<\/title>/, () => title)
    .replace(SLOT, (_whole, open: string, close: string) => open + jsonForHtml(saved) + close);
}

/** JSON in which no tag and no comment can begin or end: `<` occurs within strings only, where it has an escape. */
function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
