import type { Bug } from '../bug.ts';

/** How decisions become facts: their order, groups of them, and what a store that refuses them leaves. */
export const journalBugs: readonly Bug[] = [
  {
    title: 'acknowledged before durable',
    edits: [
      {
        file: 'src/journal.ts',
        find: '  #await(appended: Promise<void>, { pending, decided: group }: Group): void {\n',
        replace: `  #await(appended: Promise<void>, { pending, decided: group }: Group): void {
    for (const { turn, result } of group) turn.resolve(result);
`,
      },
    ],
  },
  {
    title: 'send accepted while terminating',
    edits: [
      {
        file: 'src/session/operations.ts',
        find: "        if (entry.state.status === 'terminating' && !scope?.open()) throw notActive(entry);\n",
        replace: '',
      },
      {
        file: 'src/session/operations.ts',
        find: "if (!entry.registered || state.status === 'terminating') throw endedMeanwhile(entry);",
        replace: 'if (!entry.registered) throw endedMeanwhile(entry);',
      },
    ],
  },
  {
    title: 'sends not in order',
    edits: [
      {
        file: 'src/turns.ts',
        find: 'for (let n = turns.length - 1; n >= 0; n -= 1) this.#front.push',
        replace: 'for (let n = 0; n < turns.length; n += 1) this.#front.push',
      },
    ],
  },
  {
    title: 'read-modify-write across an await',
    edits: [
      {
        file: 'src/session/operations.ts',
        find: `  send(id: string, draft: Draft, scope?: Scope): Message | Promise<Message> {
`,
        replace: `  async send(id: string, draft: Draft, scope?: Scope): Promise<Message> {
    const key = draft.extra?.idempotencyKey;
    const known = await this.read(id, ({ state }) => (key === undefined ? undefined : state.keyed?.get(key)), scope);
`,
      },
      {
        file: 'src/session/operations.ts',
        find: 'messageOfKey(state, batch, draft) ?? addMessage(state, batch, draft)',
        replace: 'known ?? addMessage(state, batch, draft)',
      },
    ],
  },
  {
    title: 'of two who add a file at once both add it',
    edits: [
      {
        file: 'src/session/context-handle.ts',
        find: '    return this.#write(({ state }, batch) => addFile(state, batch, path));',
        replace: `    const has = (await this.activeFiles()).some((file) => file.path === path);
    return this.#write(({ state }, batch) => addFile(state, batch, path, has));`,
      },
      {
        file: 'src/session/content.ts',
        find: `export function addFile(state: SessionState, batch: Batch, path: string): void {
  if (state.files?.has(path)) return;`,
        replace: `export function addFile(state: SessionState, batch: Batch, path: string, has: boolean): void {
  if (has) return;`,
      },
    ],
  },
  {
    title: "of two updates of one file's index one is lost",
    edits: [
      {
        file: 'src/session/context-handle.ts',
        find: "    this.#checkSize(copy, 'metadata');\n",
        replace:
          "    this.#checkSize(copy, 'metadata');\n    const known = (await this.fileIndex())[path];\n",
      },
      {
        file: 'src/session/context-handle.ts',
        find: 'updateFileIndex(state, batch, path, copy), STACKS)',
        replace: 'updateFileIndex(state, batch, path, { ...known, ...copy }), STACKS)',
      },
      {
        file: 'src/session/state.ts',
        find: 'Object.freeze({ ...state.fileIndex.get(path), ...metadata })',
        replace: 'metadata',
      },
    ],
  },
  {
    title: 'what is asked of a session joins the append that changes its status',
    edits: [{ file: 'src/journal.ts', find: '(stacks && !ahead.turning)', replace: 'stacks' }],
  },
  {
    title: 'what looks at its session is decided beside what that is about to have',
    edits: [
      {
        file: 'src/journal.ts',
        find: '(!ahead || (stacks && !ahead.turning))',
        replace: '!ahead?.turning',
      },
    ],
  },
  {
    title: 'a refused append is acknowledged',
    edits: [
      {
        file: 'src/journal.ts',
        find: `      (error) => {
        for (const { turn } of group) turn.reject(error);
      },`,
        replace: `      () => {
        for (const { turn, result } of group) turn.resolve(result);
      },`,
      },
    ],
  },
  {
    title: 'messages of one append have the same id',
    edits: [
      {
        file: 'src/session/content.ts',
        find: 'state.messageNumber + (batch.ahead(state.id)?.messages ?? 0) + 1',
        replace: 'state.messageNumber + 1',
      },
    ],
  },
  {
    title: 'a key is not known within its append',
    edits: [
      {
        file: 'src/session/content.ts',
        find: '(state.keyed?.get(key) ?? batch.ahead(state.id)?.keyed?.get(key))',
        replace: 'state.keyed?.get(key)',
      },
    ],
  },
  {
    title: 'what makes no fact is answered before what it rests on is durable',
    edits: [
      {
        file: 'src/journal.ts',
        find: 'batch.facts.length === 0 && !group.pending.get(turn.session)',
        replace: 'batch.facts.length === 0',
      },
    ],
  },
  {
    title: 'close does not wait for the append in flight',
    edits: [{ file: 'src/journal.ts', find: '    await this.#appending?.done;\n', replace: '' }],
  },
  {
    title: 'an event is told before its session shows it',
    edits: [
      {
        file: 'src/journal.ts',
        find: `    for (const fact of batch.facts) {
      this.#seq = fact.seq;
      this.#follower?.apply(fact);
    }
    for (const fact of batch.facts) {
      this.#published = fact.seq;
      this.#follower?.publish(fact);
    }`,
        replace: `    for (const fact of batch.facts) {
      this.#published = fact.seq;
      this.#follower?.publish(fact);
    }
    for (const fact of batch.facts) {
      this.#seq = fact.seq;
      this.#follower?.apply(fact);
    }`,
      },
    ],
  },
  {
    title: 'what a listener asks is decided in the middle of its event',
    edits: [
      {
        file: 'src/journal.ts',
        find: 'if (this.#busy || this.#grouping)\n      return new Promise',
        replace: 'if (this.#grouping)\n      return new Promise',
      },
    ],
  },
  {
    title: 'what waited for a start goes behind what was asked later',
    edits: [
      {
        file: 'src/journal.ts',
        find: '(held ?? this.#turns).unshift(turns);',
        replace: 'for (const turn of turns) (held ?? this.#turns).push(turn);',
      },
    ],
  },
  {
    title: 'a crash that the store refused is not asked for again',
    edits: [
      {
        file: 'src/engine.ts',
        find: 'if (wanted()) arm(engine, entry, again, RETRY_MS);',
        replace: "if (wanted()) arm(engine, entry, 'inactivity', RETRY_MS);",
      },
    ],
  },
];
