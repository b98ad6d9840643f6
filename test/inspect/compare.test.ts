import { describe, expect, it } from 'vitest';
import { compare } from '../../src/inspect/compare.ts';
import { momentAt } from '../../src/inspect/moment.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { createdFact, factOf, statusFact } from '../support/facts.ts';

const at = { step: 0, atMs: 0 };
const fact = (told: object) => ({ ...at, kind: 'fact', fact: told }) as TraceEntry;
const message = { id: 'a:1', seq: 3, role: 'user' as const, content: 'hello', createdAt: '' };
const snapshot = (value: string, context: object): TraceEntry =>
  ({
    ...at,
    kind: 'snapshot',
    definition: 'agent',
    actor: 'a/agent',
    value,
    status: 'active',
    context,
  }) as TraceEntry;
const entries: TraceEntry[] = [
  fact(createdFact({ seq: 1 })),
  fact(statusFact({ seq: 2 }, 'active', 'initializing')),
  snapshot('waiting', { asked: 0 }),
  fact(factOf({ seq: 3 }, 'conversation_added', { message, tokens: 1 })),
  fact(factOf({ seq: 4 }, 'file_added', { path: 'f' })),
  fact(factOf({ seq: 5 }, 'working_context_updated', { key: 'k', value: { deep: 1 } })),
  snapshot('searching', { asked: 1 }),
  fact(createdFact({ seq: 6, sessionId: 'b', sessionSeq: 1 })),
];
const moment = (n: number) => momentAt({ definitions: {}, bases: {}, entries }, n);

describe('compare', () => {
  it('says what has become different of a session and its charts', () => {
    const { charts, sessions } = compare(moment(3), moment(7), 'a');
    expect(charts).toEqual([
      expect.objectContaining({
        actor: 'a/agent',
        before: 'waiting',
        after: 'searching',
        moved: true,
        context: { changes: [{ kind: 'changed', at: ['asked'], before: 0, after: 1 }], more: false },
      }),
    ]);
    expect(sessions).toEqual([
      expect.objectContaining({
        id: 'a',
        before: 'active',
        after: 'active',
        messages: { added: [message], removed: [] },
        files: { added: ['f'], removed: [] },
      }),
    ]);
    expect(sessions[0]?.workingContext.changes).toEqual([{ kind: 'added', at: ['k'], after: { deep: 1 } }]);
  });

  it('says it the other way round from the later one', () => {
    const [session] = compare(moment(7), moment(3), 'a').sessions;
    expect(session?.messages).toEqual({ added: [], removed: [message] });
    expect(session?.files).toEqual({ added: [], removed: ['f'] });
  });

  it('says where a session’s chart has gone though nothing was told but its status', () => {
    const [chart] = compare(moment(1), moment(2)).charts;
    expect(chart).toMatchObject({
      definition: 'session',
      before: 'initializing',
      after: { running: 'active' },
    });
  });

  it('takes a context that was not told before for no change', () => {
    const [chart] = compare(moment(2), moment(3)).charts;
    expect(chart).toMatchObject({ actor: 'a/agent', after: 'waiting', context: { changes: [] } });
    expect(chart).not.toHaveProperty('before');
  });

  it('leaves out what is the same, and other sessions when one is asked for', () => {
    expect(compare(moment(5), moment(5))).toEqual({ charts: [], sessions: [] });
    expect(compare(moment(7), moment(8), 'a')).toEqual({ charts: [], sessions: [] });
    expect(compare(moment(7), moment(8)).sessions.map(({ id, after }) => [id, after])).toEqual([
      ['b', 'initializing'],
    ]);
  });
});
