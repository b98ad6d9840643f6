import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Death } from '../crash/plan.ts';
import { testClock } from '../support/clock.ts';
import { collect, steps } from '../support/events.ts';
import { turns } from '../support/turns.ts';
import { contentOf, newFile, openFile } from './storage-files.ts';

const RECOVERY = fileURLToPath(new URL('storage-recovery.ts', import.meta.url));
const START = Date.parse('2026-01-01T00:00:00.000Z');
const HOUR = 3_600_000;
const NOW = START + 2 * HOUR;

/** A store with a session in each state that a recovery has something to do about. */
async function halfDone(): Promise<string> {
  const file = newFile();
  const forever = () => new Promise<void>(() => {});
  const manager = openFile(file, {
    clock: testClock(START),
    hooks: {
      initialize: ({ id }) => (id === 'starting' ? forever() : undefined),
      cleanup: () => forever(),
    },
  });
  await manager.createSession({ id: 'whole' });
  await manager.sendMessage('whole', 'user', 'said', { idempotencyKey: 'k' });
  await manager.createSession({ id: 'due', config: { terminateAfterMs: HOUR } });
  await manager.createSession({ id: 'idling', config: { idleAfterMs: HOUR } });
  await manager.createSession({ id: 'ending' });
  for (const call of [manager.terminateSession('ending'), manager.createSession({ id: 'starting' })])
    call.catch(() => {});
  const seen = collect(manager);
  while (!(seen.steps().includes('active→terminating') && seen.types().includes('session_created')))
    await turns(1);
  await manager.close();
  return file;
}

/** A copy, recovered by a process that dies there; whether it died before it was done. */
function dieRecovering(file: string, death: Death): boolean {
  const { stdout, stderr, signal } = spawnSync(process.execPath, [RECOVERY], {
    env: { ...process.env, NODE_OPTIONS: '', FILE: file, NOW: String(NOW), DEATH: JSON.stringify(death) },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
  return !stdout.includes('recovered');
}

function copyOf(file: string): string {
  const copy = newFile();
  for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, copy + end);
  return copy;
}

/** What a recovery comes to: the sessions, what they hold, and what happened to each since it was created. */
async function recovered(file: string) {
  const manager = openFile(file, { clock: testClock(NOW) });
  await manager.ready;
  const seen = collect(manager, { from: 0 });
  const isDone = () => {
    const { sessions } = manager.stats();
    const ended = new Set(seen.of('session_terminated').map(({ sessionId }) => sessionId));
    const told = seen.steps().filter((step) => step === 'active→idle').length;
    return sessions.initializing + sessions.terminating === 0 && ended.size === 2 && told > 0;
  };
  while (!isDone()) await turns(1);
  const ids = (await manager.listSessions()).map(({ id, status }) => `${id} ${status}`);
  const said = await contentOf(manager, 'whole');
  const again = await manager.sendMessage('whole', 'user', 'said again', { idempotencyKey: 'k' });
  const tales = Object.fromEntries(
    ['whole', 'due', 'idling', 'ending', 'starting'].map((id) => [id, steps(seen.session(id))]),
  );
  await manager.close();
  return { ids, said, again, tales };
}

it('storage faults: a crash during recovery, before and after every write of it: the next recovery is the same', async () => {
  const file = await halfDone();
  const expected = await recovered(copyOf(file));
  expect(expected.ids).toEqual(['whole active', 'idling idle', 'starting active']);
  expect(expected.tales.due?.slice(2)).toEqual([
    'active→terminating',
    'terminating→terminated',
    'session_terminated',
  ]);
  expect(expected.tales.ending?.slice(3)).toEqual(['terminating→terminated', 'session_terminated']);

  let crashes = 0;
  for (const when of ['before', 'after'] as const)
    for (let n = 1, died = true; died; n += 1) {
      const copy = copyOf(file);
      died = dieRecovering(copy, { at: 'store', n, when });
      if (died) crashes += 1;
      expect(await recovered(copy)).toEqual(expected);
    }
  expect(crashes).toBeGreaterThan(5);
});
