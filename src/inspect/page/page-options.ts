import { checkOptions, invalidArgument } from '../../check.ts';
import type { ActionName } from '../protocol.ts';
import { Redaction } from '../redaction.ts';
import { checkAllowed } from '../requests.ts';

// Programs that are checked without the types of a browser may import this as well: for them these have nothing in them.
declare global {
  interface HTMLElement {}
  interface HTMLIFrameElement {}
  interface Window {}
}

export interface OpenInspectorOptions {
  /** Puts it into this element, which has a height, in a frame that fills it. Default a window of its own. */
  readonly into?: HTMLElement;
  /** What may be done beside looking. Default nothing. */
  readonly allow?: readonly ActionName[];
  /** Paths of values that are not shown, such as `metadata.apiKey`, `*.password`, `messages`. Default none. */
  readonly redact?: readonly string[];
  /** That of the page's content security policy, where it has one: the app has a script and a style within. */
  readonly nonce?: string;
}

export interface ResolvedPageOptions {
  readonly into: HTMLElement | undefined;
  readonly allow: readonly ActionName[];
  readonly redact: readonly string[];
  readonly nonce: string | undefined;
}

const OPTIONS = ['into', 'allow', 'redact', 'nonce'];
/** As policies write it: nothing that an attribute could be ended with. */
const NONCE = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Each option checked, and its default in its place. Throws `INVALID_ARGUMENT`. */
export function resolvePageOptions(given: OpenInspectorOptions | undefined): ResolvedPageOptions {
  const { into, allow, redact, nonce } = checkOptions(given, 'options', OPTIONS);
  if (into !== undefined && !isElement(into))
    throw invalidArgument('options.into', 'an element of a page that is shown', into);
  if (nonce !== undefined && !(typeof nonce === 'string' && NONCE.test(nonce)))
    throw invalidArgument('options.nonce', 'a text in base64', nonce);
  return { into, allow: checkAllowed(allow), redact: new Redaction(redact).paths, nonce };
}

/** By shape: an element of another window has another class. */
function isElement(value: unknown): value is HTMLElement {
  if (typeof value !== 'object' || value === null) return false;
  const { nodeType, ownerDocument } = value as Partial<HTMLElement>;
  return nodeType === 1 && Boolean(ownerDocument?.defaultView);
}
