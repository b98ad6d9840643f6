import { checkInteger, describe, invalidArgument } from '../check.ts';
import type { JsonObject } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import { SessionError } from '../errors.ts';
import { checkSessionId } from '../ids.ts';
import { copyJsonObject } from '../json.ts';
import { FORMAT_VERSION, type SessionData } from '../session/snapshot.ts';
import type { SavedDocument } from './port.ts';
import {
  checkFields,
  checkSessionData,
  checkSize,
  checkTime,
  type DocumentLimits,
  sameJson,
} from './session-data.ts';

/** A session as a file: all that it holds, at one moment. docs/session-document.md says what each field is. */
export interface SessionDocument {
  readonly format: typeof DOCUMENT_FORMAT;
  readonly version: number;
  readonly id: string;
  /** ISO 8601. */
  readonly savedAt: string;
  readonly messageCount: number;
  readonly metadata: JsonObject;
  readonly data: SessionData;
}

const DOCUMENT_FORMAT = 'chartroom.session';
const FIELDS = ['format', 'version', 'id', 'savedAt', 'messageCount', 'metadata', 'data'] as const;
/** UTF-16 code units of a document's text, at most: about half of the longest string that a JavaScript engine takes. */
export const MAX_DOCUMENT_LENGTH = 2 ** 28;

/**
 * Reads a document that somebody else wrote, and trusts nothing of it. Throws, with the path to the offender in the
 * message and in `details.path`: `INVALID_ARGUMENT`, `INVALID_SESSION_ID`, `PAYLOAD_TOO_LARGE`; `STORE_VERSION` for
 * one of another version.
 */
export function parseDocument(text: string, limits?: DocumentLimits): SessionDocument {
  if (typeof text !== 'string') throw invalidArgument('document', 'JSON text', text);
  if (text.length > MAX_DOCUMENT_LENGTH) throw tooLong(text.length);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SessionError('INVALID_ARGUMENT', `The document is not JSON: ${toErrorInfo(error).message}.`, {
      details: { path: 'document', expected: 'JSON text', received: describe(text) },
      cause: error,
    });
  }
  return checkDocument(value, limits);
}

/** As {@link parseDocument}, for JSON that was parsed already. A deeply frozen copy. */
export function checkDocument(value: unknown, limits?: DocumentLimits): SessionDocument {
  const at = 'document';
  // First, so that a newer document is not called a wrong one.
  const version = checkFormat(value, at);
  const { id: givenId, ...given } = checkFields(value, at, FIELDS);
  const id = checkId(givenId, `${at}.id`);
  const savedAt = checkTime(given.savedAt, `${at}.savedAt`);
  const metadata = copyJsonObject(given.metadata, `${at}.metadata`);
  checkSize(metadata, `${at}.metadata`, 'maxMetadataBytes', limits);
  const data = checkSessionData(given.data, `${at}.data`, id, limits);
  if (!sameJson(metadata, data.metadata))
    throw invalidArgument(`${at}.metadata`, `the same as ${at}.data.metadata`, given.metadata);
  const messageCount = checkInteger(given.messageCount, `${at}.messageCount`, { min: 0 });
  if (messageCount !== data.conversation.length)
    throw invalidArgument(
      `${at}.messageCount`,
      `the number of messages in ${at}.data.conversation, ${data.conversation.length}`,
      messageCount,
    );
  return Object.freeze({ format: DOCUMENT_FORMAT, version, id, savedAt, messageCount, metadata, data });
}

function checkId(value: unknown, at: string): string {
  try {
    return checkSessionId(value);
  } catch (error) {
    const message = `${at}: ${toErrorInfo(error).message}`;
    throw new SessionError('INVALID_SESSION_ID', message, { details: { path: at }, cause: error });
  }
}

function checkFormat(value: unknown, at: string): number {
  const { format, version } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (format !== DOCUMENT_FORMAT)
    throw invalidArgument(
      format === undefined ? at : `${at}.format`,
      `a saved session, with "format": "${DOCUMENT_FORMAT}"`,
      format === undefined ? value : format,
    );
  const given = checkInteger(version, `${at}.version`, { min: 1 });
  if (given === FORMAT_VERSION) return given;
  throw new SessionError(
    'STORE_VERSION',
    `The document has version ${given}; this version of chartroom reads ${FORMAT_VERSION}.${given > FORMAT_VERSION ? ' Update chartroom.' : ''}`,
    { details: { path: `${at}.version`, expected: FORMAT_VERSION, received: given } },
  );
}

/** The text of a document, with a line for each value, so that two of them can be compared. */
export function formatDocument(document: SessionDocument): string {
  const text = stringify(document);
  if (text === undefined || text.length > MAX_DOCUMENT_LENGTH) throw tooLong(text?.length);
  return `${text}\n`;
}

function stringify(document: SessionDocument): string | undefined {
  try {
    return JSON.stringify(document, null, 2);
  } catch (error) {
    // Longer than any string can be.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export function fromSaved({ id, savedAt, messageCount, metadata, version, data }: SavedDocument): object {
  return { format: DOCUMENT_FORMAT, version, id, savedAt, messageCount, metadata, data };
}

export function toSaved({
  id,
  savedAt,
  messageCount,
  metadata,
  version,
  data,
}: SessionDocument): SavedDocument {
  return Object.freeze({ id, savedAt, messageCount, metadata, version, data: data as never });
}

function tooLong(length: number | undefined): SessionError {
  const received = length === undefined ? 'more than any string can hold' : `${length}`;
  return new SessionError(
    'PAYLOAD_TOO_LARGE',
    `A document has ${MAX_DOCUMENT_LENGTH} characters at most; this one has ${received}.`,
    {
      details: {
        path: 'document',
        limit: MAX_DOCUMENT_LENGTH,
        ...(length !== undefined && { actual: length }),
      },
    },
  );
}
