import { describe, expect, it } from 'vitest';
import { Redaction } from '../../src/inspect/redaction.ts';
import { snapshotOf } from '../../src/inspect/reel.ts';
import type { Fact } from '../../src/session/facts.ts';
import { recoverState } from '../../src/session/recover.ts';
import { applyFact, type SessionState } from '../../src/session/state.ts';
import { failureOf } from '../support/errors.ts';
import { AT, createdFact, factOf } from '../support/facts.ts';

const message = (content: string) =>
  ({ id: 'a:1', seq: 2, role: 'user', content, createdAt: AT, metadata: { source: 'form' } }) as const;

/** Of one session, in order: all that can hold a secret. */
const facts: readonly Fact[] = [
  factOf({ seq: 1 }, 'session_created', {
    metadata: { apiKey: 'secret', user: { name: 'ada', password: 'secret' } },
    llmConfig: { apiKey: 'secret' },
    config: (createdFact({ seq: 1 }).payload as { config: never }).config,
  }),
  factOf({ seq: 2 }, 'conversation_added', { message: message('said'), tokens: 1 }),
  factOf({ seq: 3 }, 'working_context_updated', { key: 'token', value: 'secret' }),
  factOf({ seq: 4 }, 'working_context_updated', { key: 'plan', value: { steps: [{ password: 'secret' }] } }),
  factOf({ seq: 5 }, 'context_updated', { filesChanged: ['a.ts'], metadata: { owner: 'secret', lines: 3 } }),
  factOf({ seq: 6 }, 'llm_response', { turnId: 't', content: 'said' }),
  factOf({ seq: 7 }, 'tool_call', {
    turnId: 't',
    toolId: 'c',
    toolName: 'fetch',
    parameters: { password: 'secret' },
  }),
  factOf({ seq: 8 }, 'session_crashed', {
    error: { name: 'Error', message: 'secret' },
    restarting: false,
    attempt: 1,
    restartTimes: [],
  }),
];

const PATHS = [
  'apiKey',
  '*.password',
  'messages',
  'workingContext.token',
  'fileIndex.*.owner',
  'error.message',
];
const textOf = (value: unknown) => JSON.stringify(value);
const fold = (all: readonly Fact[]) =>
  all.reduce<SessionState | undefined>(applyFact, undefined) as SessionState;

/** What a call throws at once. */
const refusal = (call: () => unknown) => failureOf((async () => call())());

describe('what is hidden', () => {
  it('is in none of the facts, in no base, and leaves the rest', () => {
    const redaction = new Redaction(PATHS);
    const hidden = facts.map((fact) => redaction.fact(fact));
    expect(textOf(hidden)).not.toMatch(/secret|said/);
    for (const kept of ['ada', 'turnId', 'fetch', 'lines', 'steps']) expect(textOf(hidden)).toContain(kept);
    const base = redaction.snapshot(snapshotOf(fold(facts)));
    expect(textOf(base)).not.toMatch(/secret|said/);
    expect(textOf(base)).toContain('ada');
  });

  it('is hidden alike in facts and in what they come to', () => {
    const redaction = new Redaction(PATHS);
    const folded = fold(facts.map((fact) => redaction.fact(fact)));
    const base = redaction.snapshot(snapshotOf(fold(facts)));
    const shown = (state: SessionState) => JSON.parse(textOf(snapshotOf(state)));
    expect(shown(folded)).toEqual(shown(recoverState('a', { snapshot: base, records: [] })));
  });

  it('is hidden as an answer too when it is hidden as a message', () => {
    for (const path of ['messages', 'messages.content', 'content']) {
      const hidden = facts.map((fact) => new Redaction([path]).fact(fact));
      expect(textOf(hidden)).not.toContain('said');
    }
  });

  it('is found at any depth, in lists, in sets and in maps', () => {
    const redaction = new Redaction(['user.token']);
    const value = {
      user: { token: 1, name: 'ada' },
      users: [{ user: { token: 2 } }],
      token: 3,
      map: { '(Map)': [['user', { token: 4 }]] },
      user2: { user: { '(Set)': [{ token: 5 }] } },
    };
    expect(redaction.value(value, ['context'])).toEqual({
      user: { token: '(redacted)', name: 'ada' },
      users: [{ user: { token: '(redacted)' } }],
      token: 3,
      map: { '(Map)': [['user', { token: '(redacted)' }]] },
      user2: { user: { '(Set)': [{ token: '(redacted)' }] } },
    });
    expect(redaction.value('whole', ['user', 'token'])).toBe('(redacted)');
  });

  it('keeps the names of an object that is hidden as a whole', () => {
    expect(new Redaction(['metadata']).object({ a: 1, b: { c: 2 } }, ['metadata'])).toEqual({
      a: '(redacted)',
      b: '(redacted)',
    });
  });

  it('hides a stored agent by the names in its context', () => {
    const fact = factOf({ seq: 2 }, 'agent_saved', {
      agent: { snapshot: { context: { apiKey: 'secret', n: 1 } }, timers: [], lostTimers: [], atWork: false },
    });
    expect(new Redaction(['context.apiKey']).fact(fact).payload).toMatchObject({
      agent: { snapshot: { context: { apiKey: '(redacted)', n: 1 } } },
    });
  });
});

describe('without paths', () => {
  it('everything stays the very same', () => {
    const redaction = new Redaction();
    for (const fact of facts) expect(redaction.fact(fact)).toBe(fact);
    const base = snapshotOf(fold(facts));
    expect(redaction.snapshot(base)).toBe(base);
  });
});

describe('a path', () => {
  it.each([[''], ['a..b'], ['.a'], [7]])('that is none is refused: %j', async (path) => {
    expect(await refusal(() => new Redaction([path as string]))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { path: 'options.redact[0]' },
    });
  });
});
