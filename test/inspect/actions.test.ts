import { describe, expect, it } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import { Actions } from '../../src/inspect/actions.ts';
import { ACTIONS, type ActionName } from '../../src/inspect/protocol.ts';
import { Redaction } from '../../src/inspect/redaction.ts';
import { finishingAgent } from '../support/agents.ts';

async function acting(allowed: readonly ActionName[] = ACTIONS, redact: string[] = []) {
  const manager = createSessionManager({ agent: finishingAgent });
  await manager.createSession({ id: 'a', metadata: { apiKey: 'secret', n: 1 } });
  return { manager, actions: new Actions(manager, allowed, new Redaction(redact)) };
}

describe('an action', () => {
  it('is done, and answered with what came of it', async () => {
    const { manager, actions } = await acting();
    const sent = await actions.act({ do: 'send', sessionId: 'a', role: 'user', content: 'hello' });
    expect(sent).toMatchObject({ ok: true, value: { id: 'a:1', content: 'hello' } });
    expect(await actions.act({ do: 'save', sessionId: 'a' })).toMatchObject({
      ok: true,
      value: { id: 'a', messageCount: 1, metadata: { n: 1 } },
    });
    expect(await actions.act({ do: 'create', id: 'b', metadata: { n: 2 } })).toEqual({
      ok: true,
      value: { id: 'b' },
    });
    expect((await manager.getSessionInfo('b')).metadata).toEqual({ n: 2 });
    expect(await actions.act({ do: 'dispatch', sessionId: 'a', event: { type: 'noted' } })).toEqual({
      ok: true,
    });
    expect(await actions.act({ do: 'terminate', sessionId: 'a', reason: 'enough' })).toEqual({ ok: true });
    expect(await actions.act({ do: 'kill', sessionId: 'b' })).toEqual({ ok: true });
    expect(await manager.listSessions()).toEqual([]);
    await manager.close();
  });

  it.each(ACTIONS)('that is not allowed is not done: %s', async (name) => {
    const { manager, actions } = await acting(ACTIONS.filter((each) => each !== name));
    const request = { do: name, sessionId: 'a', role: 'user', content: 'x', event: { type: 'x' } } as const;
    expect(await actions.act(request as never)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
    expect(await manager.listSessions()).toMatchObject([{ id: 'a', messageCount: 0 }]);
    expect(await manager.listSavedSessions()).toEqual([]);
    await manager.close();
  });

  it('that fails does not tell what is hidden', async () => {
    const manager = createSessionManager({
      hooks: {
        initialize() {
          throw new Error('the key is secret');
        },
      },
    });
    const refused = async (redact: string[]) =>
      (await new Actions(manager, ACTIONS, new Redaction(redact)).act({ do: 'create' })).error;
    expect((await refused([]))?.message).toContain('secret');
    expect(await refused(['error.message'])).toEqual({ code: 'INITIALIZE_FAILED', message: '(redacted)' });
    await manager.close();
  });

  it('that the engine refuses is answered with its code and its words', async () => {
    const { manager, actions } = await acting();
    const refused = [
      await actions.act({ do: 'kill', sessionId: 'nobody' }),
      await actions.act({ do: 'create', id: 'a' }),
      await actions.act({ do: 'dispatch', sessionId: 'a', event: { type: 'xstate.stop' } }),
      await actions.act({ do: 'create', id: 'b', config: { maxMessages: -1 } }),
    ];
    expect(refused.map(({ ok, error }) => [ok, error?.code])).toEqual([
      [false, 'SESSION_NOT_FOUND'],
      [false, 'DUPLICATE_SESSION'],
      [false, 'INVALID_ARGUMENT'],
      [false, 'INVALID_ARGUMENT'],
    ]);
    expect(refused[0]?.error?.message).toContain('nobody');
    await manager.close();
    expect(await actions.act({ do: 'save', sessionId: 'a' })).toMatchObject({
      error: { code: 'MANAGER_CLOSED' },
    });
  });

  it('hides in its answer what is to be hidden', async () => {
    const { manager, actions } = await acting(ACTIONS, ['messages', 'metadata.apiKey']);
    const answers = [
      await actions.act({ do: 'send', sessionId: 'a', role: 'user', content: 'secret' }),
      await actions.act({ do: 'save', sessionId: 'a' }),
    ];
    expect(JSON.stringify(answers)).not.toContain('secret');
    expect(answers).toMatchObject([{ value: { id: 'a:1' } }, { value: { metadata: { n: 1 } } }]);
    await manager.close();
  });
});
