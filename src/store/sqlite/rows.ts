/**
 * The rows that are handed out. Each is read as the JSON text that the main thread parses; its checksum is that of
 * this text, so it covers every column.
 */
import { SessionError } from '../../errors.ts';
import { checksum } from './checksum.ts';
import type { Text } from './protocol.ts';
import { unescapeText } from './text.ts';

export interface HeadRow {
  readonly seq: number;
  readonly id: string;
  readonly session_seq: number;
  readonly status: string;
  readonly wake_at: number | null;
  readonly snapshot_seq: number;
}

export interface StoredFact {
  readonly seq: number;
  /** The `seq` of the session's first fact. */
  readonly session: number;
  readonly session_seq: number;
  readonly type: string;
  readonly at: string;
  readonly payload: string;
  readonly checksum: number;
}

export function headText({ id, seq, session_seq, status, wake_at }: HeadRow): Text {
  return `{"id":"${id}","seq":${seq},"sessionSeq":${session_seq},"status":"${status}","wakeAt":${wake_at}}`;
}

export function factText(
  id: string,
  seq: number,
  sessionSeq: number,
  type: string,
  at: string,
  payload: string,
): Text {
  return `{"seq":${seq},"sessionId":"${id}","sessionSeq":${sessionSeq},"type":"${type}","at":"${at}","payload":${payload}}`;
}

/** Undefined when the row is not what was written. */
export function readFact(id: string, row: StoredFact): Text | undefined {
  const text = factText(id, row.seq, row.session_seq, row.type, row.at, row.payload);
  return checksum(text, row.session) === row.checksum ? text : undefined;
}

export function snapshotText(sessionSeq: number, version: number, data: string): Text {
  return `{"sessionSeq":${sessionSeq},"version":${version},"data":${data}}`;
}

export function corruptSession(escapedId: string, reason: string): SessionError {
  const sessionId = unescapeText(escapedId);
  return new SessionError('STORE_CORRUPT', `Session "${sessionId}" cannot be read: ${reason}.`, {
    sessionId,
    details: { reason },
  });
}
