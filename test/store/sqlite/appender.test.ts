import { describe, expect, it } from 'vitest';
import { scratchFolder } from './scratch-folder.ts';
import { factRow, lifeRows, openFile, rowsOf, snapshotRow } from './stage.ts';

const file = scratchFolder();
const refusal = (message: string) => expect.objectContaining({ code: 'STORE_FAILED', message });

describe('the appender', () => {
  it('says of a fact out of order which one it expected', () => {
    const store = openFile(file());
    store.append(lifeRows(2));
    expect(() => store.append([factRow(3, 'a', 4)])).toThrow(
      refusal('Fact 4 of session "a" was appended where 3 was expected.'),
    );
    expect(() => store.append([factRow(3, 'b\\"', 2)])).toThrow(
      refusal('Fact 2 of session "b"" was appended where 1 was expected.'),
    );
    expect(() => store.append([factRow(2, 'a', 3)])).toThrow(refusal('Fact 2 was appended after fact 2.'));
    store.close();
  });

  it('writes the head of a session once for a batch', () => {
    const path = file();
    const store = openFile(path);
    store.append([
      factRow(1, 'a', 1, { status: 'active' }),
      factRow(2, 'a', 2, { wakeAt: 5 }),
      factRow(3, 'a', 3),
    ]);
    expect(rowsOf(path, 'SELECT * FROM sessions')).toEqual([
      { seq: 1, id: 'a', session_seq: 3, status: 'active', wake_at: 5, snapshot_seq: 0 },
    ]);
    store.close();
  });

  it('leaves of an ended session its facts and whose they were', () => {
    const path = file();
    const store = openFile(path);
    store.append([...lifeRows(2), factRow(3, 'a', 3, { ends: true })]);
    store.write(() => store.appender.putSnapshot(snapshotRow('a', 2)));
    expect(rowsOf(path, 'SELECT * FROM sessions')).toEqual([]);
    expect(rowsOf(path, 'SELECT * FROM snapshots')).toEqual([]);
    expect(rowsOf(path, 'SELECT * FROM ended')).toEqual([{ session: 1, id: 'a', last_seq: 3 }]);
    expect(rowsOf(path, 'SELECT seq FROM facts')).toHaveLength(3);
    store.close();
  });

  it('leaves of a removed session nothing', () => {
    const path = file();
    const store = openFile(path);
    store.append([...lifeRows(2), factRow(3, 'b', 1)]);
    store.write(() => store.appender.putSnapshot(snapshotRow('a', 1)));
    store.write(() => store.appender.remove('a'));
    store.write(() => store.appender.remove('nobody'));
    const left = ['sessions', 'facts', 'snapshots', 'ended'].map(
      (table) => rowsOf(path, `SELECT * FROM ${table}`).length,
    );
    expect(left).toEqual([1, 1, 0, 0]);
    store.close();
  });

  it.each([
    ['the future', 4],
    ['before the one it would replace', 1],
  ])('refuses a snapshot from %s, which would lose facts', (_when, sessionSeq) => {
    const store = openFile(file());
    store.append(lifeRows(3));
    store.write(() => store.appender.putSnapshot(snapshotRow('a', 2)));
    expect(() => store.write(() => store.appender.putSnapshot(snapshotRow('a', sessionSeq)))).toThrow(
      refusal(
        `A snapshot of session "a" as of its fact ${sessionSeq} came where one from 2 to 3 was expected.`,
      ),
    );
    expect(store.loader.load(['a'])).toEqual([expect.stringMatching(/"sessionSeq":2,.*"seq":3,/)]);
    store.close();
  });
});
