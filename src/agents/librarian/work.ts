import { fromPromise } from 'xstate';
import type { AgentInput } from '../../options.ts';
import type { Turn } from './emissions.ts';
import { createSearch, type SearchResult } from './search.ts';
import { nextTurn } from './turn.ts';

/** What a search found, and how many of the session's files had no content to search. */
export type LibrarianFindings = SearchResult & { readonly filesMissing: number };

/** Searches what the session holds: active files and indexed ones, with the contents of its cache. */
export const search = fromPromise<LibrarianFindings, { agent: AgentInput; question: string }>(
  async ({ input: { agent, question }, signal }) => {
    const { context, cache } = agent.session;
    const [active, index] = await Promise.all([context.activeFiles(), context.fileIndex()]);
    const paths = [...new Set([...active.map(({ path }) => path), ...Object.keys(index)])].sort();
    const found = createSearch(question);
    let filesMissing = 0;
    for (const path of paths) {
      await nextTurn();
      signal.throwIfAborted();
      agent.signal.throwIfAborted();
      const file = await cache.getFile(path);
      if (file === undefined) filesMissing += 1;
      else found.add({ path, content: file.content });
    }
    agent.signal.throwIfAborted();
    return { ...found.result(), filesMissing };
  },
);

/** Which piece of which answer comes after the pause. */
export interface PauseInput {
  readonly agent: AgentInput;
  readonly turnId: string;
  /** Pieces told before it, of `pieces` in all. */
  readonly told: number;
  readonly pieces: number;
}

/** The pause before each piece of an answer. Provide another one to have it told more slowly. */
export const pause = fromPromise<void, PauseInput>(nextTurn);

/** Adds the answer to the conversation. */
export const record = fromPromise<{ messageId: string }, { agent: AgentInput; turn: Turn; content: string }>(
  async ({ input: { agent, turn, content }, signal }) => {
    const { turnId, key } = turn;
    const message = await agent.session.context.addMessage('assistant', content, {
      metadata: { turnId },
      ...(key !== undefined && { idempotencyKey: key }),
      signal,
    });
    return { messageId: message.id };
  },
);
