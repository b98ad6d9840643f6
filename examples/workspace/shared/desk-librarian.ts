import type { AgentInput } from 'chartroom';
import { createSearch, type LibrarianFindings, librarian, type PauseInput } from 'chartroom/agents/librarian';
import { fromPromise } from 'xstate';
import { shelved } from './file-shelf.ts';

/** Milliseconds before each line of an answer, so that eyes can follow. `?pace=1000` leaves time to kill it midway. */
const PACE_MS = Number(new URLSearchParams(globalThis.location?.search).get('pace') ?? 60);

/** The librarian of the package, told where the files of its session are, and to take its time. */
export const deskLibrarian = librarian.provide({
  actors: {
    search: fromPromise<LibrarianFindings, { agent: AgentInput; question: string }>(
      async ({ input: { agent, question }, signal }) => {
        const { id, context, cache } = agent.session;
        const search = createSearch(question);
        let filesMissing = 0;
        for (const { path } of await context.activeFiles()) {
          signal.throwIfAborted();
          const file = await cache.getFile(shelved(id, path));
          if (file) search.add({ path, content: file.content });
          else filesMissing += 1;
        }
        return { ...search.result(), filesMissing };
      },
    ),
    pause: fromPromise<void, PauseInput>(() => new Promise((resolve) => setTimeout(resolve, PACE_MS))),
  },
});
