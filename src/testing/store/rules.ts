/** What the port promises, in the words of a failed case; `docs/writing-a-store.md` says it member by member. */
export interface Rule {
  readonly promise: string;
  /** Where a store that breaks it is mended as a rule. */
  readonly mend: string;
}

export const rules = {
  fresh: {
    promise:
      'The function that `verifyStore` is given makes a new `SessionStore` at every call, empty and without an owner.',
    mend: 'Give every store a name, a file or an object of its own; what two cases share is the usual reason.',
  },
  settles: {
    promise: 'Every call settles, and `facts` comes to an end.',
    mend: 'Look for a lock that nobody lets go or a callback that nobody calls. A store that is only slow wants a greater `timeoutMs`.',
  },
  works: {
    promise: 'No call that the port allows is refused.',
    mend: 'Look at the error that the store threw, the cause of this one.',
  },
  lease: {
    promise:
      '`open` resolves with a lease that has every member of `StoreLease`; only `volatile` may be missing.',
    mend: "Let TypeScript check it: `const lease: StoreLease = …`, with the type of 'chartroom/store'.",
  },
  empty: {
    promise: 'A new store is empty: no sessions, no facts, no saved sessions, `lastSeq` and `cutSeq` 0.',
    mend: 'Begin with nothing: what a store notes for itself is no fact and no session.',
  },
  oneOwner: {
    promise:
      'A store has one owner at a time. While its lease is held, `open` rejects with STORE_LOCKED, names the owner and does it no harm.',
    mend: 'Take an exclusive lock in `open` before anything else, with the name of the owner beside it.',
  },
  givenBack: {
    promise:
      '`[Symbol.asyncDispose]()` waits for the writes in flight, and the store is free when it resolves. It may be called again, then or meanwhile.',
    mend: 'Wait for every write that has begun, then let the lock go; give a second call the promise of the first.',
  },
  fenced: {
    promise:
      'Every owner has a greater `epoch` than the one before, the first one greater than 0. A lease that was given back refuses every write with STORE_LOCKED.',
    mend: 'Keep the epoch in the store, raise it in `open`, and compare it in the transaction of every write.',
  },
  durable: {
    promise: 'A write that has returned or resolved is durable: every later owner finds it.',
    mend: 'Resolve after the commit and not before, and in `open` read back all that is kept in memory.',
  },
  lastSeq: {
    promise: '`lastSeq` is the `seq` of the newest fact ever appended, whatever became of its session.',
    mend: 'Keep it apart from the facts, so that neither a removal nor retention takes it back.',
  },
  appended: {
    promise:
      '`append` keeps its facts as they were given and in their order. Every read finds them once it has returned or resolved.',
    mend: 'Keep every field but `wakeAt` as it came, and return a promise unless the write is done at once.',
  },
  wholeOrNot: {
    promise:
      '`append` keeps all of its facts or none. With STORE_FAILED it refuses a `sessionSeq` that is not the next of its session, which begins with 1, and a `seq` that is not greater than all before.',
    mend: 'Check the whole list before the first write, or write it in one transaction; what is kept in memory beside it changes after the commit.',
  },
  order: {
    promise:
      'Calls take effect in the order they were made in, also when nobody waits in between. One that is refused takes no other with it.',
    mend: 'Put reads and writes in one queue; where several are one transaction, give each its own savepoint.',
  },
  arguments: {
    promise:
      'What a store is given stays the property of the caller, who may change the list after the call.',
    mend: 'Copy the list before the first `await`, and never write to a fact.',
  },
  answers: {
    promise: 'What a read has given does not change with the store.',
    mend: 'Give a copy of what a later write changes: the head, the list of records, the list of documents.',
  },
  ending: {
    promise:
      '`session_terminated` removes its session from all but `facts`. The id may begin again with `sessionSeq` 1, in the same list too.',
    mend: 'Go through the list in order, and at an end delete head, records, snapshot and wake time in the same transaction.',
  },
  load: {
    promise: '`load` gives the snapshot of the session, if there is one, and all facts after it in order.',
    mend: 'Select by the id of this call, order by `sessionSeq`, and give `{ records: [] }` for an id that is not there.',
  },
  head: {
    promise:
      'A head has the `seq` of the first fact of its session, the `sessionSeq` of the newest, and the status of its newest `session_status`, `initializing` before that.',
    mend: 'Write the head in the transaction that appends; of the facts only `session_status` changes its status.',
  },
  heads: {
    promise:
      '`heads` gives the sessions in the order of `seq`; `after`, `status` and `limit` each make the list shorter.',
    mend: 'Order by `seq`, compare `seq > after`, take an empty `status` for none, and apply `limit` last.',
  },
  wakeAt: {
    promise:
      'The `wakeAt` of a head is what the newest fact says that says something: a number sets it, null clears it, nothing leaves it. A snapshot replaces it, unless a fact has come after the snapshot.',
    mend: 'Tell undefined from null and from 0, and compare the `sessionSeq` of a snapshot with that of the head.',
  },
  due: {
    promise:
      'With `wakeAfter` and `wakeBy`, `heads` gives those with `wakeAfter < wakeAt ≤ wakeBy`, the earliest first and of one time the oldest session first.',
    mend: 'Move the session in the index whenever its `wakeAt` changes, drop it when the session goes, and never list null.',
  },
  counts: {
    promise: '`counts` gives how many sessions are stored with each status.',
    mend: 'Count what `heads` would list, or change the counts in the transaction that changes the head.',
  },
  snapshot: {
    promise:
      '`putSnapshot` takes the place of the snapshot before, and `load` gives the facts up to it no more. `facts` goes on to give them.',
    mend: 'Replace the row of this session; delete facts from what `load` reads, not from what `facts` reads.',
  },
  straySnapshot: {
    promise: 'A snapshot of a session that is not there is dropped: it came too late, and is no error.',
    mend: 'Write it only where the head is, in one transaction; delete it with its session.',
  },
  removal: {
    promise:
      '`remove` forgets the session with its records, its snapshot and its wake time, and nothing else. It does nothing for one that is not there.',
    mend: 'Delete by the id from every table or index of sessions, in one transaction; leave saved sessions and `lastSeq`.',
  },
  cursors: {
    promise:
      '`facts` gives the facts with `seq > from` in order, of all sessions or of one, at most `limit`; those of sessions that have ended, and those before a snapshot, too.',
    mend: 'Keep the facts for cursors apart from what `load` needs, and apply `limit` after `sessionId`.',
  },
  moment: {
    promise:
      '`facts` gives what was there when it was called. A reader may take its time, stop early, and read beside others.',
    mend: 'Note `lastSeq` at the call and stop there; hold no lock and no shared cursor while a reader waits.',
  },
  retention: {
    promise:
      'A store may keep few facts for `facts`, always the newest. `cutSeq` is the `seq` of the newest that is gone, 0 when none is.',
    mend: 'Cut from the oldest on, whatever session they are of, and write `cutSeq` in the same transaction.',
  },
  retainedLoad: {
    promise:
      'Retention takes nothing from `load`: a live session stays whole, however few facts are kept for cursors.',
    mend: 'Cut a fact for good only when its session has ended or has a snapshot that includes it.',
  },
  saved: {
    promise:
      'Saved sessions are kept whole, by id: `put` replaces, `get` gives undefined for none, `list` and `ids` give all, `delete` says whether it was there.',
    mend: 'Write the document as it came, by its id, and never merge it with the one before.',
  },
  savedApart: {
    promise: 'A saved session and a live one of the same id do not touch each other.',
    mend: 'Keep the two in tables of their own, and let neither `session_terminated` nor `remove` reach the saved one.',
  },
  ids: {
    promise:
      'An id is any text of 1 to 128 characters of `A-Z a-z 0-9 _ . : -`; upper and lower case are two.',
    mend: 'Use a Map rather than an object, compare byte by byte, and take no id for a number.',
  },
  json: {
    promise:
      'JSON comes back as it was: every key, every string of UTF-16 with NUL and lone surrogates, every number, any depth up to 64.',
    mend: 'Write the text of `JSON.stringify`, which escapes what UTF-8 has not, in a column that keeps all of it.',
  },
  numbers: {
    promise:
      '`seq` is a safe integer of up to 2⁵³ − 1, and `wakeAt` any finite number; neither fits into 32 bits.',
    mend: 'Use 64-bit integers for `seq` and doubles for `wakeAt`.',
  },
} as const satisfies Record<string, Rule>;
