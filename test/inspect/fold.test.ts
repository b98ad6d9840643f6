import { describe, expect, it } from 'vitest';
import { beginning, chartId, Fold } from '../../src/inspect/fold.ts';
import type { Moment, SessionMoment } from '../../src/inspect/moment.ts';
import type { FactPayloads, FactType } from '../../src/session/facts.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { createdFact, factOf } from '../support/facts.ts';

const at = { step: 0, atMs: 0 };
const fact = <T extends FactType>(seq: number, type: T, payload: FactPayloads[T]): TraceEntry =>
  ({ ...at, kind: 'fact', fact: factOf({ seq }, type, payload) }) as unknown as TraceEntry;
const created = { ...at, kind: 'fact', fact: createdFact({ seq: 1 }) } as unknown as TraceEntry;
const said = (seq: number, content: string) =>
  fact(seq, 'conversation_added', {
    message: { id: `a:${seq}`, seq, role: 'user', content, createdAt: '' },
    tokens: 1,
  });
const told = (seq: number, type: string, rest: object): TraceEntry =>
  ({ ...at, kind: 'event', event: { type, sessionId: 'a', seq, at: '', ...rest } }) as TraceEntry;
const snapshot = (value: string, status = 'active'): TraceEntry => ({
  ...at,
  kind: 'snapshot',
  definition: 'd',
  actor: 'x',
  value,
  status,
});
const sent = (type: string): TraceEntry => ({
  ...at,
  kind: 'sent',
  definition: 'd',
  actor: 'x',
  event: { type },
});

function momentAfter(...entries: TraceEntry[]): Moment {
  const fold = new Fold(beginning({}));
  for (const entry of entries) fold.apply(entry);
  return fold.moment();
}
const sessionAfter = (...entries: TraceEntry[]) => momentAfter(...entries).sessions.get('a') as SessionMoment;
const contents = ({ state: { conversation } }: SessionMoment) =>
  conversation?.slice(conversation.count).map(({ content }) => content) ?? [];

describe('sessions', () => {
  it('are folded as the engine folds them', () => {
    const session = sessionAfter(
      created,
      said(2, 'one'),
      fact(3, 'file_added', { path: 'f' }),
      said(4, 'two'),
    );
    expect(contents(session)).toEqual(['one', 'two']);
    expect(session).toMatchObject({ partial: false, entry: 3, state: { sessionSeq: 4, messageNumber: 2 } });
    expect([...(session.state.files?.keys() ?? [])]).toEqual(['f']);
  });

  it('do not take an event for a second time that its fact has told', () => {
    const message = { id: 'a:2', seq: 2, role: 'user', content: 'one', createdAt: '' };
    expect(
      contents(sessionAfter(created, said(2, 'one'), told(2, 'conversation_added', { message }))),
    ).toEqual(['one']);
  });

  it('are folded from their events where no facts are told', () => {
    const message = { id: 'a:2', seq: 2, role: 'user', content: 'one', createdAt: '' };
    const session = sessionAfter(
      told(1, 'session_created', { metadata: { a: 1 } }),
      told(2, 'conversation_added', { message }),
      told(3, 'session_status', { status: 'idle', previousStatus: 'active' }),
    );
    expect(contents(session)).toEqual(['one']);
    expect(session.state).toMatchObject({ status: 'idle', metadata: { a: 1 } });
  });

  it('begin anew when they are created again, and stay as they ended until then', () => {
    const end = fact(3, 'session_terminated', { reason: 'normal' });
    expect(contents(sessionAfter(created, said(2, 'one'), end))).toEqual(['one']);
    expect(contents(sessionAfter(created, said(2, 'one'), end, created))).toEqual([]);
  });

  it('are partial when nothing says what they held before', () => {
    const session = sessionAfter(said(9, 'late'));
    expect(session).toMatchObject({ partial: true, state: { status: 'active' } });
    expect(contents(session)).toEqual(['late']);
  });

  it('go on from a base', () => {
    const data = { conversation: [[{ id: 'a:1', seq: 1, role: 'user', content: 'old', createdAt: '' }, 3]] };
    const fold = new Fold(beginning({ a: { sessionSeq: 5, version: 1, data } }));
    fold.apply(said(6, 'new'));
    const session = fold.moment().sessions.get('a') as SessionMoment;
    expect(contents(session)).toEqual(['old', 'new']);
    expect(session.partial).toBe(false);
  });

  it('say why a base cannot be read', () => {
    const { sessions } = beginning({ a: { sessionSeq: 5, version: 99, data: {} } });
    expect(sessions.get('a')).toMatchObject({ partial: true, problem: expect.stringContaining('format 99') });
  });

  it('say what could not be taken up, and go on', () => {
    const wrong = { ...at, kind: 'fact', fact: { type: 'file_added', sessionId: 'a', seq: 2 } } as TraceEntry;
    const session = sessionAfter(created, wrong, said(3, 'still'));
    expect(session.problem).toContain('file_added');
    expect(contents(session)).toEqual(['still']);
  });

  it('are not made of what cannot be taken up', () => {
    const wrong = {
      ...at,
      kind: 'event',
      event: { type: 'file_added', sessionId: 'a', seq: 2 },
    } as TraceEntry;
    expect(momentAfter(wrong, { ...at, kind: 'fact' } as TraceEntry).sessions.size).toBe(0);
  });

  it('know what the agent said last that it does', () => {
    const status = fact(2, 'agent_status', { agentName: 'x', status: 'searching' });
    expect(sessionAfter(created, status).agentStatus).toBe('searching');
  });

  describe('show an answer', () => {
    const piece = (seq: number, content: string) => fact(seq, 'llm_stream_chunk', { turnId: 't', content });
    const growing = [created, piece(2, 'Hel'), piece(3, 'lo')];
    const answersAfter = (...entries: TraceEntry[]) => Object.fromEntries(sessionAfter(...entries).answers);

    it('as it grows', () => {
      expect(answersAfter(...growing)).toEqual({ t: { seq: 2, text: 'Hello', isWhole: false } });
    });

    it('until it is a message', () => {
      const recorded = fact(4, 'llm_response', { turnId: 't', content: 'Hello', messageId: 'a:1' });
      expect(answersAfter(...growing, recorded)).toEqual({});
    });

    it('as a whole when it is not made a message, until the conversation is cleared', () => {
      const whole = fact(4, 'llm_response', { turnId: 't', content: 'Hello.' });
      expect(answersAfter(...growing, whole)).toEqual({ t: { seq: 2, text: 'Hello.', isWhole: true } });
      expect(answersAfter(...growing, whole, fact(5, 'conversation_cleared', {}))).toEqual({});
    });

    it('of the newest fifty turns', () => {
      const many = Array.from({ length: 52 }, (_, n) =>
        fact(n + 2, 'llm_response', { turnId: `t${n}`, content: `${n}` }),
      );
      expect(Object.keys(answersAfter(created, ...many))).toEqual(
        Array.from({ length: 50 }, (_, n) => `t${n + 2}`),
      );
    });

    it('no longer when its session ends in the middle of it', () => {
      const end = fact(4, 'session_status', { status: 'terminating', previousStatus: 'active' });
      expect(answersAfter(...growing, end)).toEqual({});
    });
  });
});

describe('a moment', () => {
  it('does not change when the fold goes on', () => {
    const fold = new Fold(beginning({}));
    for (const entry of [created, said(2, 'one'), snapshot('s')]) fold.apply(entry);
    const then = fold.moment();
    for (const entry of [said(3, 'two'), fact(4, 'file_added', { path: 'f' }), snapshot('t')])
      fold.apply(entry);
    const session = then.sessions.get('a') as SessionMoment;
    expect(contents(session)).toEqual(['one']);
    expect(session.state).toMatchObject({ sessionSeq: 2, files: undefined });
    expect(then.charts.get(chartId('d', 'x'))?.value).toBe('s');
    expect(then.n).toBe(3);
  });

  it('shares with the one before what has not changed', () => {
    const fold = new Fold(beginning({}));
    fold.apply(created);
    const before = fold.moment();
    fold.apply(snapshot('s'));
    expect(fold.moment().sessions.get('a')).toBe(before.sessions.get('a'));
  });
});

describe('charts', () => {
  const chartAfter = (...entries: TraceEntry[]) => momentAfter(...entries).charts.get(chartId('d', 'x'));

  it('are where their last snapshot says, and how they came there', () => {
    expect(chartAfter(snapshot('off'), sent('press'), snapshot('on'))).toEqual({
      actor: 'x',
      definition: 'd',
      value: 'on',
      status: 'active',
      previous: 'off',
      event: { type: 'press' },
      entry: 2,
    });
  });

  it('do not take what led to one state for what leads on from there', () => {
    const chart = chartAfter(sent('press'), snapshot('passing'), snapshot('on'));
    expect(chart).toMatchObject({ value: 'on', previous: 'passing' });
    expect(chart).not.toHaveProperty('event');
  });

  it('have what they were given, before they say where that led', () => {
    expect(chartAfter(snapshot('off'), sent('press'))).toMatchObject({
      value: 'off',
      pending: { type: 'press' },
    });
  });

  it('are several of one definition, and of several definitions with one name', () => {
    const other: TraceEntry = {
      ...at,
      kind: 'snapshot',
      definition: 'e',
      actor: 'x',
      value: 'else',
      status: 'done',
    };
    expect(momentAfter(snapshot('off'), other).charts.size).toBe(2);
  });
});

describe('calls', () => {
  it('have what they were given', () => {
    const begun: TraceEntry = { ...at, kind: 'call', call: 1, name: 'list', arguments: { limit: 3 } };
    expect([...momentAfter(begun).calls.values()]).toEqual([
      { call: 1, name: 'list', arguments: { limit: 3 }, entry: 0 },
    ]);
  });

  it('are open from their beginning until they settle', () => {
    const begun: TraceEntry = { ...at, kind: 'call', call: 4, name: 'send', sessionId: 'a' };
    expect([...momentAfter(begun).calls.values()]).toEqual([
      { call: 4, name: 'send', sessionId: 'a', entry: 0 },
    ]);
    expect(momentAfter(begun, { ...at, kind: 'settled', call: 4, ok: true }).calls.size).toBe(0);
  });
});
