import { checkInteger, checkOptions, checkString, invalidArgument } from '../check.ts';
import { SessionError } from '../errors.ts';
import type { ActionName } from './protocol.ts';
import { Redaction } from './redaction.ts';
import { checkAllowed } from './requests.ts';

export interface InspectSessionsOptions {
  /** The address to listen at. Default `127.0.0.1`: this machine only. There is no encryption; for others use a tunnel. */
  readonly host?: string;
  /** Default 0: any that is free. */
  readonly port?: number;
  /** What a viewer has to say, 16 characters or more of `A-Z a-z 0-9 _ -`. Default 256 random bits. */
  readonly token?: string;
  /** What viewers may do beside looking. Default nothing. */
  readonly allow?: readonly ActionName[];
  /** Origins of pages, such as `http://localhost:5173`, that may connect beside the inspector's own. Default none. */
  readonly allowOrigin?: readonly string[];
  /** Paths of values that are not shown, such as `metadata.apiKey`, `*.password`, `messages`. Default none. */
  readonly redact?: readonly string[];
  /** Opens the browser. Default false. */
  readonly open?: boolean;
}

const OPTIONS = ['host', 'port', 'token', 'allow', 'allowOrigin', 'redact', 'open'];
const TOKEN = /^[A-Za-z0-9_-]{16,}$/;
const HOST = /^[A-Za-z0-9._:-]+$/;
/** Nothing that would end a policy that it stands in. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9._~:[\]-]+$/;

export type ResolvedInspectOptions = ReturnType<typeof resolveInspectOptions>;

/** Each option checked, and its default in its place. Throws `INVALID_ARGUMENT`. */
export function resolveInspectOptions(given: InspectSessionsOptions | undefined) {
  const options = checkOptions(given, 'options', OPTIONS);
  const { host = '127.0.0.1', port = 0, token, allowOrigin = [], redact = [], open = false } = options;
  if (!HOST.test(checkString(host, 'options.host')))
    throw invalidArgument('options.host', 'an address or a name, without scheme and port', host);
  checkInteger(port, 'options.port', { min: 0, max: 65_535 });
  if (token !== undefined && !(typeof token === 'string' && TOKEN.test(token))) throw wrongToken();
  if (!Array.isArray(allowOrigin))
    throw invalidArgument('options.allowOrigin', 'an array of origins', allowOrigin);
  if (typeof open !== 'boolean') throw invalidArgument('options.open', 'true or false', open);
  return {
    host,
    port,
    ...(token !== undefined && { token }),
    allow: checkAllowed(options.allow),
    allowOrigin: allowOrigin.map((origin, n) => checkOrigin(origin, `options.allowOrigin[${n}]`)),
    redact: new Redaction(redact).paths,
    open,
  };
}

/** What it was is nobody's business. */
function wrongToken(): SessionError {
  const expected = 'a text of 16 characters or more of A-Z a-z 0-9 _ -';
  const details = { path: 'options.token', expected };
  return new SessionError('INVALID_ARGUMENT', `options.token must be ${expected}.`, { details });
}

/** As a browser writes it: a scheme, a host, and a port that is not the usual one. */
function checkOrigin(value: unknown, at: string): string {
  const expected = "an origin such as 'http://localhost:5173', without a path";
  const origin = checkString(value, at).replace(/\/$/, '');
  if (!ORIGIN.test(origin) || !URL.canParse(origin)) throw invalidArgument(at, expected, value);
  const parsed = new URL(origin).origin;
  // The scheme of an extension or an editor has no origin of its own in Node's eyes.
  return parsed === 'null' ? origin : parsed;
}
