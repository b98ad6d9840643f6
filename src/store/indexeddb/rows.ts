/**
 * What the object stores hold. Payloads are JSON text: what is read is what was written, whatever became of the
 * object meanwhile, and one checksum covers all of a row.
 */
import type { JsonObject } from '../../data.ts';
import { SessionError } from '../../errors.ts';
import type { JournalRecord, SavedDocument, SessionHead, StoredSnapshot } from '../port.ts';
import { checksum } from './checksum.ts';

/** One for the whole database. */
export interface StoreRow {
  readonly format: number;
  readonly epoch: number;
  /** Of that epoch. */
  readonly owner: string | null;
  readonly lastSeq: number;
  /** No cursor is given a fact up to here. */
  readonly cutSeq: number;
  /** Of the facts up to here only those are left that `load` needs. */
  readonly sweptSeq: number;
}

export interface HeadRow extends SessionHead {
  /** The last fact that the snapshot includes, 0 without one. */
  readonly snapshotSeq: number;
  /** Facts up to this `sessionSeq` are there for `load` alone: cursors are given them no more. */
  readonly sweptSeq: number;
}

export interface FactRow {
  readonly id: string;
  /** The `seq` of the session's first fact: an id may be lived more than once. */
  readonly life: number;
  readonly sessionSeq: number;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  /** JSON. */
  readonly payload: string;
  readonly checksum: number;
}

export interface SnapshotRow {
  readonly id: string;
  readonly life: number;
  readonly sessionSeq: number;
  readonly version: number;
  /** JSON. */
  readonly data: string;
  readonly checksum: number;
}

export interface SavedRow {
  readonly id: string;
  /** In the order of the first `put`. */
  readonly position: number;
  /** JSON. */
  readonly document: string;
  readonly checksum: number;
}

/** A fact on its way into the database, taken from the caller. */
export interface FactInput extends Omit<FactRow, 'life' | 'checksum'> {
  /** Of the session from this fact on; undefined when the fact does not change it. */
  readonly status: string | undefined;
  readonly wakeAt: number | null | undefined;
  /** It is the last of its session. */
  readonly ends: boolean;
}

export function factInput(record: JournalRecord): FactInput {
  const { seq, sessionId: id, sessionSeq, type, at, payload, wakeAt } = record;
  return {
    id,
    sessionSeq,
    seq,
    type,
    at,
    payload: JSON.stringify(payload),
    status: type === 'session_status' ? (payload as { status: string }).status : undefined,
    wakeAt,
    ends: type === 'session_terminated',
  };
}

export function factRow({ id, sessionSeq, seq, type, at, payload }: FactInput, life: number): FactRow {
  const row = { id, life, sessionSeq, seq, type, at, payload };
  return { ...row, checksum: factChecksum(row) };
}

/** Undefined when the row is not what was written. */
export function readFact(row: FactRow): JournalRecord | undefined {
  const { id, sessionSeq, seq, type, at, payload } = row;
  if (typeof payload !== 'string' || factChecksum(row) !== row.checksum) return undefined;
  return { seq, sessionId: id, sessionSeq, type, at, payload: JSON.parse(payload) };
}

function factChecksum({ id, life, sessionSeq, seq, type, at, payload }: Omit<FactRow, 'checksum'>): number {
  return checksum(payload, checksum(`${id} ${sessionSeq} ${seq} ${at} ${type}`, life));
}

export function snapshotRow(
  id: string,
  life: number,
  snapshot: Omit<StoredSnapshot, 'data'>,
  data: string,
): SnapshotRow {
  const { sessionSeq, version } = snapshot;
  const row = { id, life, sessionSeq, version, data };
  return { ...row, checksum: snapshotChecksum(row) };
}

/** Undefined when the row is not what was written. */
export function readSnapshot(row: SnapshotRow): StoredSnapshot | undefined {
  const { sessionSeq, version, data } = row;
  if (typeof data !== 'string' || snapshotChecksum(row) !== row.checksum) return undefined;
  return { sessionSeq, version, data: JSON.parse(data) as JsonObject };
}

function snapshotChecksum({ id, life, sessionSeq, version, data }: Omit<SnapshotRow, 'checksum'>): number {
  return checksum(data, checksum(`${id} ${sessionSeq} ${version}`, life));
}

export function savedRow(id: string, position: number, document: string): SavedRow {
  return { id, position, document, checksum: savedChecksum(id, document) };
}

/** Undefined when the row is not what was written. */
export function readSaved({ id, document, checksum: stored }: SavedRow): SavedDocument | undefined {
  if (typeof document !== 'string' || savedChecksum(id, document) !== stored) return undefined;
  return JSON.parse(document);
}

function savedChecksum(id: string, document: string): number {
  return checksum(document, checksum(id, 0));
}

export function headOf({ id, seq, sessionSeq, status, wakeAt }: HeadRow): SessionHead {
  return { id, seq, sessionSeq, status, wakeAt };
}

export function corruptSession(sessionId: string, reason: string): SessionError {
  return new SessionError('STORE_CORRUPT', `Session "${sessionId}" cannot be read: ${reason}.`, {
    sessionId,
    details: { reason },
  });
}
