import type { Bug } from '../bug.ts';

/** What a session holds: conversation, context, cache, keys, limits, and what is saved of it. */
export const contentBugs: readonly Bug[] = [
  {
    title: 'context shared between sessions',
    edits: [
      {
        file: 'src/session/state.ts',
        find: 'const NO_TIMES: readonly number[] = Object.freeze([]);',
        replace: `const NO_TIMES: readonly number[] = Object.freeze([]);
const NO_CONTEXT = new Map<string, Json>();`,
      },
      {
        file: 'src/session/state.ts',
        find: '        state.workingContext ??= new Map();',
        replace: '        state.workingContext ??= NO_CONTEXT;',
      },
    ],
  },
  {
    title: 'clearing a conversation forgets its idempotency keys',
    edits: [
      {
        file: 'src/session/state.ts',
        find: '      state.conversation?.clear();\n',
        replace: '      state.conversation?.clear();\n      state.keyed = undefined;\n',
      },
    ],
  },
  {
    title: 'idempotency keys are not saved',
    edits: [
      { file: 'src/session/snapshot.ts', find: 'keyed: [...(state.keyed ?? [])],', replace: 'keyed: [],' },
    ],
  },
  {
    title: 'a restored session has lost its file index',
    edits: [
      {
        file: 'src/session/snapshot.ts',
        find: '  if (data.fileIndex.length > 0) state.fileIndex = new Map(data.fileIndex);\n',
        replace: '',
      },
    ],
  },
  {
    title: 'deleting a saved session removes the live one too',
    edits: [
      {
        file: 'src/session/saved.ts',
        find: '    if (!(await this.#ask((saved) => saved.delete(id)))) throw notSaved(id);',
        replace: `    await this.#lease.remove(id);
    if (!(await this.#ask((saved) => saved.delete(id)))) throw notSaved(id);`,
      },
    ],
  },
  {
    title: 'only one message goes when the newest needs the room of more',
    edits: [
      {
        file: 'src/session/conversation.ts',
        find: 'while (this.count > maxMessages ||',
        replace: 'if (this.count > maxMessages ||',
      },
    ],
  },
  {
    title: 'over the limit of files the newest goes',
    edits: [
      {
        file: 'src/session/content.ts',
        find: '[...(state.files?.keys() ?? [])].slice(0, over)',
        replace: '[...(state.files?.keys() ?? [])].reverse().slice(0, over)',
      },
    ],
  },
  {
    title: 'the limit of sessions counts only those in memory',
    edits: [
      {
        file: 'src/session/creation.ts',
        find: 'registry.size + this.#engine.dormant.size + batch.created',
        replace: 'registry.size + batch.created',
      },
    ],
  },
  {
    title: 'creations of one append do not count against the limit',
    edits: [
      {
        file: 'src/session/creation.ts',
        find: 'registry.size + this.#engine.dormant.size + batch.created',
        replace: 'registry.size + this.#engine.dormant.size',
      },
    ],
  },
  {
    title: 'a file that has changed on the disk is served as it was',
    edits: [
      {
        file: 'src/session/cache.ts',
        find: 'return file.mtimeMs === stat.mtimeMs && file.size === stat.size;',
        replace: 'return file.size === stat.size;',
      },
    ],
  },
  {
    title: 'a read under way overwrites what was put in meanwhile',
    edits: [
      {
        file: 'src/session/cache.ts',
        find: '    this.#refuseOversized(entry);\n    this.#reads?.delete(path);\n',
        replace: '    this.#refuseOversized(entry);\n',
      },
    ],
  },
  {
    title: 'a file is taken for the one that was read with an older stat',
    edits: [
      {
        file: 'src/session/cache.ts',
        find: '    const stat = await statOf(files, path);\n    const held',
        replace: `    const early = this.#fileAt(path)?.loaded ? undefined : await contentOf(files, path).catch(() => undefined);
    const stat = await statOf(files, path);
    const held`,
      },
      {
        file: 'src/session/cache.ts',
        find: 'const content = stat && (await contentOf(files, path));',
        replace: 'const content = stat && (early ?? (await contentOf(files, path)));',
      },
    ],
  },
];
