/** Every way a call can fail, as one closed set. The code is the error's API; the message is for people. */
export type SessionErrorCode =
  | 'SESSION_NOT_FOUND'
  | 'SESSION_NOT_ACTIVE'
  | 'SESSION_TERMINATED'
  | 'SESSION_CRASHED'
  | 'DUPLICATE_SESSION'
  | 'INVALID_SESSION_ID'
  | 'INVALID_ARGUMENT'
  | 'INVALID_TRANSITION'
  | 'PAYLOAD_TOO_LARGE'
  | 'LIMIT_EXCEEDED'
  | 'OVERLOADED'
  | 'INITIALIZE_FAILED'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'STORE_LOCKED'
  | 'STORE_FAILED'
  | 'STORE_CORRUPT'
  | 'STORE_VERSION'
  | 'MANAGER_CLOSED'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'CONNECTION_LOST';

export interface SessionErrorOptions {
  sessionId?: string | undefined;
  /** Machine-readable facts about the failure, e.g. `{ path, received }` or `{ limit, actual }`. */
  details?: Readonly<Record<string, unknown>> | undefined;
  cause?: unknown;
}

const BRAND: unique symbol = Symbol.for('chartroom.error') as never;

/**
 * The one error class of the public API. Recognise it with {@link isSessionError}, which also works
 * across two copies of the package, and decide by `code`.
 */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;
  declare readonly sessionId?: string;
  declare readonly details?: Readonly<Record<string, unknown>>;
  readonly [BRAND] = true;

  constructor(code: SessionErrorCode, message: string, options: SessionErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.sessionId !== undefined) this.sessionId = options.sessionId;
    if (options.details !== undefined) this.details = options.details;
  }
}

export function isSessionError(value: unknown): value is SessionError {
  return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}
