import { describe, expect, it } from 'vitest';
import type { AgentEmission } from '../../../src/events/types.ts';
import { watchedAgent } from '../../support/agents.ts';
import { mortalStore } from '../../support/mortal-store.ts';
import { turns } from '../../support/turns.ts';
import { open, started } from '../counting-agent.ts';
import { stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const SAID: AgentEmission = { type: 'llm_response', turnId: 't', content: 'said' };

describe('what an agent has said before it fails', () => {
  it('is published before its crash, though it waits for the store', async () => {
    const agent = watchedAgent();
    const store = storeUnderTest();
    const on = stage({ store, agent: agent.logic });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    const held = store.hold();
    const sent = session.send('user', 'keeps the journal busy');
    agent.of('s').emit(SAID);
    agent.of('s').emit({ type: 'tool_call', turnId: 't' } as AgentEmission);
    held.open();
    await sent;
    await turns();
    expect(on.news().slice(0, 2)).toEqual(['conversation_added', 'llm_response']);
    expect(on.news()).toEqual([]);
    expect(on.heard.of('session_crashed')).toHaveLength(1);
  });
});

describe('an agent that does not come back', () => {
  it('is only logged when its session is touched after the report of the recovery', async () => {
    const store = mortalStore();
    const on = await started(store, { agentVersion: 'old' });
    await on.dispatch('tell');
    await store.crash();
    const next = open(store, { clock: on.clock, agentVersion: 'new' });
    expect(await next.manager.ready).toEqual({ recovered: 1, quarantined: [] });
    expect(next.logged).toEqual([]);
    await next.dispatch('tell');
    expect(next.said).toEqual(['asked 0']);
    expect(next.logged.flat().join()).toContain('session "s" came back without its agent');
  });

  it('is missed by nobody where the manager has none', async () => {
    const store = mortalStore();
    const on = await started(store);
    await on.dispatch('ask');
    await store.crash();
    const next = stage({ store, clock: on.clock });
    expect(await next.manager.getSessionInfo('s')).toMatchObject({ status: 'active', activeTasks: 0 });
    await next.manager.sendMessage('s', 'user', 'x');
    expect(next.logged).toEqual([]);
  });
});
