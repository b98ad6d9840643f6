import { describe, expect, it } from 'vitest';
import { librarian } from '../../../src/agents/librarian.ts';
import { eventSchemas } from '../../../src/events/schemas.ts';
import type { AgentEventType } from '../../../src/events/types.ts';
import { createSessionManager } from '../../../src/index.ts';
import type { FileSource } from '../../../src/options.ts';
import { codeOf } from '../../support/errors.ts';
import { collect } from '../../support/events.ts';
import { gate } from '../../support/gate.ts';
import { turns, until } from '../../support/turns.ts';

const AGENT_EVENTS: AgentEventType[] = [
  'agent_status',
  'tool_call',
  'tool_result',
  'llm_stream_chunk',
  'llm_response',
];
const FILES: Record<string, string> = {
  'src/price.ts': 'export interface Price {\n  cents: number;\n}\n',
  'src/cart.ts': "import { Price } from './price.ts';\nexport function total(items: Price[]) {}\n",
};

/** A source whose reads can be held back. */
function source(hold?: Promise<void>): FileSource {
  return {
    stat: (path) => (path in FILES ? { mtimeMs: 1, size: FILES[path]?.length ?? 0 } : undefined),
    async read(path) {
      await hold;
      return FILES[path] ?? '';
    },
  };
}

async function library(hold?: Promise<void>) {
  const manager = createSessionManager({ agent: librarian, files: source(hold) });
  const open = async (id: string, ...paths: string[]) => {
    const session = await manager.createSession({ id });
    for (const path of paths) await session.context.addFile(path);
    return session;
  };
  return { manager, open };
}

describe('a librarian in a session', () => {
  it('answers from the files of its own session, into its own conversation', async () => {
    const { manager, open } = await library();
    const a = await open('a', 'src/price.ts');
    const b = await open('b', 'src/cart.ts');
    const heard = collect(manager);
    await a.send('user', 'Where is Price defined?');
    await a.dispatch({ type: 'ask', question: 'Where is Price defined?', turnId: 't' });
    await b.dispatch({ type: 'ask', question: 'Where is Price defined?', turnId: 't' });
    await until(() => heard.of('llm_response').length === 2);

    const answers = heard.of('llm_response').map(({ sessionId, content }) => [sessionId, content]);
    expect(Object.fromEntries(answers)).toEqual({
      a: 'Best of the one file:\nsrc/price.ts:1  export interface Price {',
      b: expect.stringMatching(/^Best of the one file:(?:\nsrc\/cart\.ts:\d {2}.*)+$/),
    });
    const history = await a.context.history();
    expect(history.map(({ role, metadata }) => [role, metadata])).toEqual([
      ['user', undefined],
      ['assistant', { turnId: 't' }],
    ]);
    const response = heard.of('llm_response').find(({ sessionId }) => sessionId === 'a');
    expect(response?.messageId).toBe(history[1]?.id);
    expect(response?.content).toBe(history[1]?.content);
    await manager.close();
  });

  it('publishes nothing that the schemas refuse, in the order that it told', async () => {
    const { manager, open } = await library();
    const session = await open('a', 'src/price.ts', 'src/cart.ts');
    const heard = collect(manager, { types: AGENT_EVENTS });
    await session.dispatch({ type: 'ask', question: 'Price' });
    await session.dispatch({ type: 'ask', question: 'penguins' });
    await session.dispatch({ type: 'ask', question: 'cents' });
    await session.dispatch({ type: 'cancel', turnId: 'turn-3' });
    await until(() => heard.of('agent_status').at(-1)?.status === 'waiting');
    for (const event of heard.events) {
      if (event.type === 'gap') throw new Error('no event was dropped here');
      expect(eventSchemas[event.type]['~standard'].validate(event)).not.toHaveProperty('issues');
    }
    expect(new Set(heard.types())).toEqual(new Set(AGENT_EVENTS));
    expect(heard.of('llm_response').map(({ turnId }) => turnId)).toEqual(['turn-1', 'turn-2']);
    await manager.close();
  });

  it('counts as a task while it works, and no longer', async () => {
    const hold = gate();
    const { manager, open } = await library(hold.promise);
    const session = await open('a', 'src/price.ts');
    const heard = collect(manager);
    await session.dispatch({ type: 'ask', question: 'Price' });
    await turns();
    expect((await session.info()).activeTasks).toBeGreaterThan(0);
    hold.open();
    await until(() => heard.of('llm_response').length === 1);
    await turns();
    expect((await session.info()).activeTasks).toBe(0);
    await manager.close();
  });

  it('is cancelled by dispatch in the middle of a read that hangs', async () => {
    const hold = gate();
    const { manager, open } = await library(hold.promise);
    const session = await open('a', 'src/price.ts');
    const heard = collect(manager, { types: AGENT_EVENTS });
    await session.dispatch({ type: 'ask', question: 'Price', turnId: 't' });
    await turns();
    await session.dispatch({ type: 'cancel', turnId: 't' });
    expect(heard.of('tool_result').map(({ status }) => status)).toEqual(['cancelled']);
    expect(heard.of('llm_stream_chunk').map(({ isFinal }) => isFinal)).toEqual([true]);
    hold.open();
    await session.dispatch({ type: 'ask', question: 'Price', turnId: 'next' });
    await until(() => heard.of('llm_response').length === 1);
    expect(heard.of('llm_response')[0]?.turnId).toBe('next');
    await manager.close();
  });

  it('killed in the middle of an answer is silent from then on, and its neighbours do not notice', async () => {
    const { manager, open } = await library();
    const [victim, ...others] = await Promise.all(
      ['v', 'a', 'b', 'c'].map((id) => open(id, 'src/price.ts', 'src/cart.ts')),
    );
    if (victim === undefined) throw new Error('four sessions were opened');
    const heard = collect(manager);
    let killing: Promise<void> | undefined;
    victim.subscribe(
      (event) => {
        if (event.chunkIndex === 1) killing = victim.kill();
      },
      { types: ['llm_stream_chunk'] },
    );
    for (const session of [victim, ...others]) await session.dispatch({ type: 'ask', question: 'Price' });
    await until(() => heard.of('llm_response').length === 3);
    await killing;
    await turns();

    expect(heard.session('v').at(-1)).toMatchObject({ type: 'session_terminated', reason: 'killed' });
    expect(heard.session('v').filter(({ type }) => type === 'llm_stream_chunk')).toHaveLength(2);
    expect(await codeOf(victim.dispatch({ type: 'ask', question: 'Price' }))).toBe('SESSION_NOT_FOUND');
    for (const { id } of others) {
      expect(heard.session(id).filter(({ type }) => type === 'llm_stream_chunk')).toHaveLength(4);
      expect((await manager.getSessionInfo(id)).status).toBe('active');
    }
    await manager.close();
  });

  it('stops with its session in the middle of a search', async () => {
    const hold = gate();
    const { manager, open } = await library(hold.promise);
    const session = await open('a', 'src/price.ts', 'src/cart.ts');
    const heard = collect(manager);
    await session.dispatch({ type: 'ask', question: 'Price' });
    await turns();
    await session.terminate();
    hold.open();
    await turns(20);
    expect(heard.types().at(-1)).toBe('session_terminated');
    expect(heard.of('llm_stream_chunk').filter(({ content }) => content !== '')).toEqual([]);
    await manager.close();
  });

  it('shares one thread with two hundred others', async () => {
    const { manager, open } = await library();
    const heard = collect(manager, { types: ['llm_response'] });
    const sessions = await Promise.all(
      Array.from({ length: 200 }, (_, i) => open(`s${i}`, i % 2 === 0 ? 'src/price.ts' : 'src/cart.ts')),
    );
    await Promise.all(sessions.map((session) => session.dispatch({ type: 'ask', question: 'Price' })));
    await until(() => heard.events.length === 200);
    for (const { sessionId, content } of heard.of('llm_response')) {
      const own = Number(sessionId?.slice(1)) % 2 === 0 ? 'src/price.ts' : 'src/cart.ts';
      expect(content).toContain(own);
      expect(content).not.toContain(own === 'src/price.ts' ? 'src/cart.ts:' : 'src/price.ts:');
    }
    await manager.close();
  });
});
