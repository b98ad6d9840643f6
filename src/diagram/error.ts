export type DiagramErrorCode =
  /** What was given is no machine and no definition of one; the message names the part that is wrong. */
  | 'INVALID_DEFINITION'
  /** More states, transitions or levels than a chart may have, or than a drawing can show. */
  | 'TOO_LARGE'
  /** elkjs, which lays diagrams out, is not installed, and none was passed in. */
  | 'LAYOUT_MISSING'
  /** The layout engine failed; `cause` is what it threw. */
  | 'LAYOUT_FAILED';

const BRAND: unique symbol = Symbol.for('chartroom.diagram-error') as never;

/** Why there is no diagram. An outline (`outlineOf`) can be had of every chart. */
export class DiagramError extends Error {
  override readonly name = 'DiagramError';
  readonly code: DiagramErrorCode;
  readonly [BRAND] = true;

  constructor(code: DiagramErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Also across two copies of the package. */
export function isDiagramError(value: unknown): value is DiagramError {
  return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}
