import { describe, expect, it, vi } from 'vitest';
import type { Answer, Operation, Reply } from '../../../src/store/sqlite/protocol.ts';
import { Server, serve } from '../../../src/store/sqlite/server.ts';
import { StoreFile } from '../../../src/store/sqlite/store-file.ts';
import { faultyConnection } from './faulty-connection.ts';
import { ask, requestFor } from './inline-thread.ts';
import { scratchFolder } from './scratch-folder.ts';
import { driver, factRow, lifeRows, openFile, rowsOf, snapshotRow, tamper } from './stage.ts';

const file = scratchFolder();

function answers(server: Server, ...operations: Operation[]): Answer[] {
  const replies: Reply[] = [];
  server.answer(operations, (reply) => replies.push(reply));
  return replies.flatMap((reply) => reply.answers);
}

/** `ok`, or the code of each refusal. */
const outcomes = (given: readonly Answer[]) =>
  given.map((answer) => ('refusal' in answer ? answer.refusal.code : 'ok'));

function opened(path = file()): { server: Server; store: StoreFile; path: string } {
  const store = openFile(path);
  return { server: new Server(() => driver, store), store, path };
}

/** A server whose disk can be made to fail. */
function onBadDisk(path = file()) {
  openFile(path).close();
  const { connection, fail } = faultyConnection(path);
  const store = new StoreFile(requestFor(path), connection, new driver(':memory:'));
  return { server: new Server(() => driver, store), fail, path };
}

describe('the server', () => {
  it('opens, answers and closes', () => {
    const path = file();
    const server = new Server(() => driver);
    const [state, , load, missing, closed, late] = answers(
      server,
      ...ask(
        ['open', requestFor(path)],
        ['append', lifeRows(1)],
        ['load', 'a'],
        ['head', 'b'],
        ['close', undefined],
        ['counts', undefined],
      ),
    );
    expect(state).toEqual({ gives: { epoch: 1, lastSeq: 0, cutSeq: 0 } });
    expect(load).toEqual({ gives: expect.stringMatching(/^\{"records":\[\{"seq":1,/) });
    expect([missing, closed]).toEqual([{ gives: undefined }, { gives: undefined }]);
    expect(late).toMatchObject({ refusal: { code: 'STORE_FAILED', message: 'The store is not open.' } });
    expect(outcomes(answers(server, ['close', undefined]))).toEqual(['ok']);
  });

  it('says of the state what it is after the last of the answers', () => {
    const { server, store } = opened();
    const replies: Reply[] = [];
    server.answer(ask(['append', lifeRows(2)], ['append', lifeRows(3, 3)]), (reply) => replies.push(reply));
    expect(replies.map(({ state }) => state)).toEqual([{ epoch: 1, lastSeq: 3, cutSeq: 0 }]);
    server.answer([], (reply) => replies.push(reply));
    expect(replies).toHaveLength(1);
    store.close();
  });

  it('puts small writes that come together into one transaction', () => {
    const { server, store } = opened();
    store.append([factRow(1, 'a', 1), factRow(2, 'b', 1), factRow(3, 'c', 1)]);
    const write = vi.spyOn(store, 'write');
    const operations = ask(
      ['putSnapshot', snapshotRow('a', 1)],
      ['putSnapshot', snapshotRow('b', 1)],
      ['remove', 'c'],
      ['putSaved', { id: 's', document: '{}' }],
      ['deleteSaved', 's'],
      ['load', 'a'],
      ['putSnapshot', snapshotRow('a', 1)],
    );
    const given = answers(server, ...operations);
    expect(outcomes(given)).toEqual(operations.map(() => 'ok'));
    expect(given[4]).toEqual({ gives: true });
    expect(write).toHaveBeenCalledTimes(2);
    store.close();
  });

  it('tries small writes one by one when one of them fails the transaction', () => {
    const { server, store, path } = opened();
    store.append([...lifeRows(2), factRow(3, 'b', 1)]);
    const given = answers(
      server,
      ['putSnapshot', snapshotRow('a', 1)],
      ['putSnapshot', snapshotRow('b', 9)],
      ['putSaved', { id: 's', document: '{}' }],
    );
    expect(outcomes(given)).toEqual(['ok', 'STORE_FAILED', 'ok']);
    expect(rowsOf(path, 'SELECT session, session_seq FROM snapshots')).toEqual([
      { session: 1, session_seq: 1 },
    ]);
    expect(rowsOf(path, 'SELECT id FROM saved')).toEqual([{ id: 's' }]);
    store.close();
  });

  it('reads what comes together in one transaction, each answer for itself', () => {
    const { server, store, path } = opened();
    store.append([...lifeRows(2), factRow(3, 'b', 1)]);
    tamper(path, `UPDATE facts SET type = 'y' WHERE seq = 1`);
    const read = vi.spyOn(store, 'read');
    const given = answers(
      server,
      ['load', 'b'],
      ['counts', undefined],
      ['load', 'a'],
      ['facts', { from: 0, to: 9, id: 'a', limit: 9, resumed: false }],
      ['load', 'b'],
      ['heads', { after: 0, statuses: undefined, limit: 9, wake: undefined }],
      ['getSaved', 's'],
      ['listSaved', undefined],
    );
    expect(outcomes(given)).toEqual(['ok', 'ok', 'STORE_CORRUPT', 'STORE_CORRUPT', 'ok', 'ok', 'ok', 'ok']);
    expect(given[0]).toEqual(given[4]);
    expect(read).toHaveBeenCalledTimes(1);
    store.close();
  });

  it('sends long answers as they are ready, in order', () => {
    const { server, store } = opened();
    const payload = JSON.stringify('x'.repeat(2000));
    store.append(Array.from({ length: 3000 }, (_, n) => factRow(n + 1, `s${n}`, 1, { payload })));
    const replies: Reply[] = [];
    server.answer(
      Array.from({ length: 3000 }, (_, n) => ['load', `s${n}`] as const),
      (reply) => replies.push(reply),
    );
    expect(replies.length).toBeGreaterThan(2);
    const all = replies.flatMap((reply) => reply.answers);
    expect(all.map((answer) => JSON.parse((answer as { gives: string }).gives).records[0].seq)).toEqual(
      Array.from({ length: 3000 }, (_, n) => n + 1),
    );
    const pages = answers(server, [
      'facts',
      { from: 0, to: 9999, id: undefined, limit: 9999, resumed: false },
    ]);
    expect(pages).toEqual([{ gives: { facts: expect.any(String), next: expect.any(Number) } }]);
    store.close();
  });

  it('refuses what it does not know', () => {
    const { server, store } = opened();
    expect(answers(server, ['vacuum', undefined] as never)).toMatchObject([
      { refusal: { code: 'STORE_FAILED', message: 'There is no operation "vacuum" here.' } },
    ]);
    store.close();
  });

  it('serves a port', () => {
    const posted: Reply[] = [];
    let hear: (operations: readonly Operation[]) => void = () => {};
    serve({ on: (_event, listener) => (hear = listener), postMessage: (reply) => posted.push(reply) });
    hear([['counts', undefined]]);
    expect(posted.map((reply) => outcomes(reply.answers))).toEqual([['STORE_FAILED']]);
  });
});

describe('a disk that fails', () => {
  it.each([
    ['append', ['append', lifeRows(3, 3)]],
    ['putSnapshot', ['putSnapshot', snapshotRow('a', 2)]],
  ] as const)('under %s poisons the lease: no later call is taken for a success', (_name, operation) => {
    const { server, fail, path } = onBadDisk();
    answers(server, ['append', lifeRows(2)]);
    fail('SQLITE_IOERR_FSYNC');
    const [first] = answers(server, operation as Operation);
    expect(first).toMatchObject({
      refusal: { code: 'STORE_FAILED', details: { sqlite: 'SQLITE_IOERR_FSYNC' } },
    });
    fail(undefined);
    const later = answers(
      server,
      operation as Operation,
      ['load', 'a'],
      ['putSaved', { id: 's', document: '{}' }],
    );
    for (const answer of later)
      expect(answer).toMatchObject({ refusal: { code: 'STORE_FAILED', details: { poisoned: true } } });
    expect(outcomes(answers(server, ['close', undefined]))).toEqual(['ok']);
    const next = openFile(path);
    expect([next.state.lastSeq, next.saved.list()]).toEqual([2, '[]']);
    next.append(lifeRows(3, 3));
    next.close();
  });

  it('under writes that came together is tried for none of them again', () => {
    const { server, fail, path } = onBadDisk();
    fail('SQLITE_IOERR_WRITE');
    const given = answers(
      server,
      ['putSaved', { id: 's', document: '{}' }],
      ['putSaved', { id: 't', document: '{}' }],
    );
    expect(outcomes(given)).toEqual(['STORE_FAILED', 'STORE_FAILED']);
    fail(undefined);
    answers(server, ['close', undefined]);
    expect(rowsOf(path, 'SELECT id FROM saved')).toEqual([]);
  });

  it('under a read refuses that read alone', () => {
    const { server, fail } = onBadDisk();
    answers(server, ['append', lifeRows(2)]);
    fail('SQLITE_IOERR_READ', /FROM facts|^BEGIN$/);
    expect(outcomes(answers(server, ['load', 'a'], ['counts', undefined]))).toEqual([
      'STORE_FAILED',
      'STORE_FAILED',
    ]);
    fail(undefined);
    expect(outcomes(answers(server, ['load', 'a'], ['append', lifeRows(3, 3)]))).toEqual(['ok', 'ok']);
    answers(server, ['close', undefined]);
  });

  it('being full refuses the write alone', () => {
    const { server, fail } = onBadDisk();
    answers(server, ['append', lifeRows(2)]);
    fail('SQLITE_FULL');
    const full = { refusal: { code: 'STORE_FAILED', details: { full: true } } };
    const given = answers(
      server,
      ['append', lifeRows(3, 3)],
      ['putSaved', { id: 's', document: '{}' }],
      ['deleteSaved', 's'],
      ['load', 'a'],
    );
    expect(given.slice(0, 3)).toMatchObject([full, full, full]);
    // Nothing of it is in the way of what comes.
    fail(undefined);
    expect(outcomes(answers(server, ['append', lifeRows(3, 3)]))).toEqual(['ok']);
    expect(answers(server, ['listSaved', undefined])).toEqual([{ gives: '[]' }]);
    answers(server, ['close', undefined]);
  });

  it('being used by another program refuses the write alone', () => {
    const { server, fail } = onBadDisk();
    fail('SQLITE_BUSY', /^BEGIN IMMEDIATE/);
    expect(answers(server, ['append', lifeRows(1)])).toMatchObject([
      { refusal: { code: 'STORE_FAILED', message: expect.stringContaining('Another program is writing') } },
    ]);
    fail(undefined);
    expect(outcomes(answers(server, ['append', lifeRows(1)]))).toEqual(['ok']);
    answers(server, ['close', undefined]);
  });
});
