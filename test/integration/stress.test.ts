import { describe, expect, it } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import { fragileAgent, watchedAgent } from '../support/agents.ts';
import { codeOf } from '../support/errors.ts';
import { collect, increases, seqs } from '../support/events.ts';
import { atRest } from '../support/leaks.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('a large number of sessions', () => {
  it('5,000 live at once: each found, listed in order, with its own data, and ended', async () => {
    await using manager = createSessionManager({ agent: fragileAgent });
    const seen = collect(manager);
    const sessions = await Promise.all(
      upTo(5_000).map((i) => manager.createSession({ id: `s${i}`, metadata: { i } })),
    );
    await Promise.all(sessions.map((session, i) => session.send('user', `of ${i}`)));
    await Promise.all(sessions.map((session, i) => session.dispatch({ type: 'say', content: `by ${i}` })));
    expect(manager.stats().sessions.active).toBe(5_000);
    const listed = await manager.listSessions();
    expect(listed.map(({ id }) => id)).toEqual(upTo(5_000).map((i) => `s${i}`));
    for (const i of [0, 1, 2_499, 4_999]) {
      expect((await manager.getSessionInfo(`s${i}`)).metadata).toEqual({ i });
      const history = await manager.session(`s${i}`).context.history();
      expect(history.map(({ content }) => content)).toEqual([`of ${i}`]);
    }
    expect(seen.of('llm_response')).toHaveLength(5_000);
    await Promise.all(sessions.map((session) => session.terminate()));
    expect(seen.of('session_terminated')).toHaveLength(5_000);
    expect(increases(seqs(seen.events))).toBe(true);
    expect(await manager.listSessions()).toEqual([]);
    seen.stop();
    expect(manager.stats()).toMatchObject(atRest());
  });
});

describe('rapid create and terminate', () => {
  it('of one id, 500 times in a row: a fresh session each time', async () => {
    await using manager = createSessionManager();
    for (let i = 0; i < 500; i++) {
      const session = await manager.createSession({ id: 'same', metadata: { i } });
      expect((await session.send('user', 'x')).id).toBe('same:1');
      await session.terminate();
    }
    expect(manager.stats()).toMatchObject(atRest());
  });

  it('of 50 ids by 500 tasks that do not wait for one another: nothing is left, every agent is stopped', async () => {
    const agent = watchedAgent();
    await using manager = createSessionManager({ agent: agent.logic });
    const seen = collect(manager);
    const codes = await Promise.all(
      upTo(500).map(async (i) => {
        const id = `s${i % 50}`;
        const created = await codeOf(manager.createSession({ id }));
        const ended = await codeOf(i % 3 === 0 ? manager.killSession(id) : manager.terminateSession(id));
        return [created, ended];
      }),
    );
    const allowed = new Set([
      'resolved instead',
      'DUPLICATE_SESSION',
      'SESSION_NOT_FOUND',
      'SESSION_TERMINATED',
    ]);
    expect(codes.flat().filter((code) => !allowed.has(code))).toEqual([]);
    expect(await manager.listSessions()).toEqual([]);
    expect(agent.live()).toEqual([]);
    const created = seen.of('session_created').length;
    expect(created).toBeGreaterThanOrEqual(50);
    expect(seen.of('session_terminated')).toHaveLength(created);
    seen.stop();
    expect(manager.stats()).toMatchObject(atRest());
  });

  it('without waiting for create: each pair settles, and nothing is left', async () => {
    await using manager = createSessionManager();
    const codes = await Promise.all(
      upTo(1_000).flatMap((i) => [
        codeOf(manager.createSession({ id: `s${i}` })),
        codeOf(manager.terminateSession(`s${i}`)),
      ]),
    );
    const odd = codes.filter((code) => !['resolved instead', 'SESSION_TERMINATED'].includes(code));
    expect(odd).toEqual([]);
    expect(manager.stats()).toMatchObject(atRest());
  });
});
