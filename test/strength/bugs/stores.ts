import type { Bug } from '../bug.ts';

/** In the store on a file, and where no random run gets to. */
export const storeBugs: readonly Bug[] = [
  {
    title: 'a file takes the wake time of a snapshot that is older than its head',
    by: 'store',
    store: 'sqlite',
    edits: [
      {
        file: 'src/store/sqlite/appender.ts',
        find: 'wakeAt === undefined || sessionSeq < session.session_seq ? session.wake_at : wakeAt',
        replace: 'wakeAt === undefined ? session.wake_at : wakeAt',
      },
    ],
  },
  {
    title: 'a file gives the sessions of several statuses out of order',
    by: 'store',
    store: 'sqlite',
    edits: [
      {
        file: 'src/store/sqlite/reader.ts',
        find: 'runs.flat().sort((a, b) => a.seq - b.seq)',
        replace: 'runs.flat()',
      },
    ],
  },
  {
    title: 'a file gives the facts of a session that has ended to nobody',
    by: 'store',
    store: 'sqlite',
    edits: [
      {
        file: 'src/store/sqlite/reader.ts',
        find: 'SELECT session FROM ended WHERE id = ? AND last_seq > ?',
        replace: 'SELECT session FROM ended WHERE id = ? AND last_seq < ?',
      },
    ],
  },
  {
    title: 'a file is not asked whether a fact is what was written',
    by: 'tests',
    tests: ['test/store/sqlite/loader.test.ts'],
    edits: [
      {
        file: 'src/store/sqlite/loader.ts',
        find: 'if (text === undefined) return corruptSession(',
        replace: 'if (text === undefined && facts.length === 0) return corruptSession(',
      },
    ],
  },
  {
    title: 'a fact that a file has lost is not missed',
    by: 'tests',
    tests: ['test/store/sqlite/loader.test.ts'],
    edits: [
      {
        file: 'src/store/sqlite/loader.ts',
        find: 'if (expected <= session_seq) return corruptSession(',
        replace: 'if (expected < session_seq) return corruptSession(',
      },
    ],
  },
  {
    title: 'a large session is written down after every thousand facts',
    by: 'tests',
    tests: ['test/session/follower.test.ts'],
    edits: [
      {
        file: 'src/session/follower.ts',
        find: '    if (entry.unsnapshotted < 2 * (state.conversation?.count ?? 0)) return;\n',
        replace: '',
      },
    ],
  },
  {
    title: 'facts of a restored session are cursors into the past of its messages',
    by: 'tests',
    tests: ['test/session/saved.test.ts'],
    edits: [
      {
        file: 'src/session/creation.ts',
        find: '    if (restored) batch.skipTo(newestSeq(restored));\n',
        replace: '',
      },
    ],
  },
  {
    title: 'a document may say that it has other messages than it has',
    by: 'tests',
    tests: ['test/store/document.test.ts'],
    edits: [
      {
        file: 'src/store/document.ts',
        find: 'if (messageCount !== data.conversation.length)',
        replace: 'if (messageCount < data.conversation.length)',
      },
    ],
  },
];
