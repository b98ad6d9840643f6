/** The engine of the workspace, over a store in memory. */
import { memoryStore, type SessionManager } from 'chartroom';
import type { LibrarianEvent } from 'chartroom/agents/librarian';
import { expect, it, vi } from 'vitest';
import { turnOf } from '../../examples/workspace/shared/ask.ts';
import { watchDigests } from '../../examples/workspace/shared/digests.ts';
import type { TextFile } from '../../examples/workspace/shared/dropped.ts';
import { openEngine } from '../../examples/workspace/shared/engine.ts';
import { fateOf, keptOf, watchFallen } from '../../examples/workspace/shared/fallen.ts';
import { type FileShelf, openFileShelf, shelved } from '../../examples/workspace/shared/file-shelf.ts';

async function opened(): Promise<{ sessions: SessionManager<LibrarianEvent>; shelf: FileShelf }> {
  // There is no IndexedDB in Node.
  const shelf = await openFileShelf('files');
  return { sessions: openEngine(memoryStore(), shelf), shelf };
}

const text = (path: string, content: string): TextFile => ({ path, text: content, size: content.length });

async function answered(
  sessions: SessionManager<LibrarianEvent>,
  id: string,
  question: string,
): Promise<string> {
  const session = sessions.session(id);
  const told = session.events({ types: ['llm_response'] });
  await session.dispatch(turnOf(await session.send('user', question)));
  const { value } = await told.next();
  await told.return?.();
  return value?.type === 'llm_response' ? value.content : '';
}

it('answers from the files of the session, under the names by which they were dropped', async () => {
  const { sessions, shelf } = await opened();
  expect(shelf.trouble).toMatch(/does not let this page keep files/);
  const [ada, bob] = await Promise.all([sessions.createSession(), sessions.createSession()]);
  await shelf.put(ada, text('word.txt', 'The word is heron.'));
  await shelf.put(bob, text('word.txt', 'The word is plover.'));
  expect(await answered(sessions, ada.id, 'What is the word?')).toBe(
    'Best of the one file:\nword.txt:1  The word is heron.',
  );
  expect(await answered(sessions, bob.id, 'What is the word?')).toContain('plover');
  expect(await ada.cache.getFile(shelved(bob.id, 'word.txt'))).toBeUndefined();
  await sessions.close();
});

it('what was acknowledged before a kill is in the copy; what was terminated has none', async () => {
  const { sessions, shelf } = await opened();
  const forgotten = vi.spyOn(shelf, 'clear');
  const session = await sessions.createSession({ id: 'ada', metadata: { name: 'Ada' } });
  await session.send('user', 'hello');
  await session.context.addFile('a.txt');
  await session.kill();
  expect(await sessions.listSavedSessions()).toMatchObject([{ id: 'ada', messageCount: 1 }]);
  expect(forgotten).not.toHaveBeenCalled();
  await sessions.restoreSession('ada');
  expect(await session.context.history()).toMatchObject([{ content: 'hello' }]);
  expect(await session.context.activeFiles()).toMatchObject([{ path: 'a.txt' }]);
  await session.terminate();
  await expect.poll(() => sessions.listSavedSessions()).toEqual([]);
  expect(forgotten).toHaveBeenCalledWith('ada');
  await sessions.close();
});

it('those in trouble are known until they are recovered, or given up', async () => {
  const { sessions } = await opened();
  const fallen = watchFallen(sessions);
  const session = await sessions.createSession({ id: 'ada' });
  await session.kill();
  await expect.poll(() => fallen.get()).toMatchObject([{ id: 'ada', reason: 'killed' }]);
  await sessions.restoreSession('ada');
  await expect.poll(() => fallen.get()).toEqual([]);
  await session.kill();
  await expect.poll(() => fallen.get()).toHaveLength(1);
  await sessions.deleteSavedSession('ada');
  await fallen.look();
  expect(fallen.get()).toEqual([]);
  expect(watchFallen(sessions).get()).toEqual([]);
  await sessions.close();
});

it('why one has fallen is known after a reload, until it is recovered', async () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  const { sessions } = await opened();
  const before = watchFallen(sessions);
  const session = await sessions.createSession({ id: 'ada' });
  await session.kill();
  await expect.poll(() => before.get()).toHaveLength(1);
  const after = watchFallen(sessions);
  await expect.poll(() => after.get()).toMatchObject([{ id: 'ada', reason: 'killed' }]);
  await sessions.restoreSession('ada');
  await expect.poll(() => [...before.get(), ...after.get()]).toEqual([]);
  expect(kept.size).toBe(0);
  await sessions.close();
  vi.unstubAllGlobals();
});

it('says in words how one ended', () => {
  expect(['killed', 'crashed', 'timeout', undefined].map(fateOf)).toEqual([
    'was killed',
    'has crashed',
    'ended: timeout',
    'ended before this page was opened',
  ]);
});

it('says of what one held only what there is', () => {
  expect(keptOf({ messages: 1, files: 3, others: 2 })).toBe(
    'No other session has noticed. What it held is kept: 1 message and 3 files.',
  );
  expect(keptOf({ messages: 2, files: 0, others: 0 })).toBe('What it held is kept: 2 messages.');
  expect(keptOf({ messages: 0, files: 1, others: 0 })).toBe('What it held is kept: 1 file.');
  expect(keptOf({ messages: 0, files: 0, others: 0 })).toBe('It has no message and no file to keep.');
});

it('the list is told the gist of the last message, whether it was read, and who is answering', async () => {
  const { sessions, shelf } = await opened();
  const digests = watchDigests(sessions);
  const ada = await sessions.createSession({ id: 'ada' });
  await shelf.put(ada, text('a.txt', 'The clock stopped at noon.'));
  const digest = digests.of('ada');
  expect(digests.of('ada')).toBe(digest);
  const seen: boolean[] = [];
  digest.subscribe(() => seen.push(digest.get().answering));
  await answered(sessions, 'ada', 'When did the clock stop?');
  await expect
    .poll(() => digest.get())
    .toMatchObject({
      lastLine: 'The clock stopped at noon.',
      unread: true,
      answering: false,
    });
  expect(seen).toContain(true);
  digests.look('ada');
  expect(digest.get().unread).toBe(false);
  await answered(sessions, 'ada', 'And the clock?');
  expect(digest.get().unread).toBe(false);
  await sessions.close();
});

it('a session that was there before is looked up once it is shown', async () => {
  const { sessions } = await opened();
  const ada = await sessions.createSession({ id: 'ada' });
  await ada.send('user', 'hello');
  const digest = watchDigests(sessions).of('ada');
  await expect.poll(() => digest.get().lastLine).toBe('hello');
  await sessions.close();
});
