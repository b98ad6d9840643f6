import fc from 'fast-check';
import type { Json, Message, SessionConfig, SessionStatus } from '../../src/data.ts';
import type { Fact, FactPayloads, FactType } from '../../src/session/facts.ts';
import type { SessionState } from '../../src/session/state.ts';
import { defaults } from '../../src/settings.ts';

const START = Date.UTC(2026, 0, 1);

/** One session's facts as a journal writes them: numbered without holes, a second apart. */
export interface FactWriter {
  write<T extends FactType>(type: T, payload: FactPayloads[T]): Fact;
  created(payload?: Partial<FactPayloads['session_created']>): Fact;
  status(status: SessionStatus, previousStatus?: SessionStatus, reason?: string): Fact;
  message(content?: string, extra?: Partial<Message>, tokens?: number): Fact;
  crashed(payload?: Partial<FactPayloads['session_crashed']>): Fact;
}

export function factWriter(id = 's', config: Partial<SessionConfig> = {}): FactWriter {
  let facts = 0;
  let messages = 0;
  function write<T extends FactType>(type: T, payload: FactPayloads[T]): Fact {
    facts += 1;
    const at = new Date(START + facts * 1000).toISOString();
    return { seq: facts * 3, sessionId: id, sessionSeq: facts, at, type, payload } as Fact;
  }
  return {
    write,
    created: (payload = {}) =>
      write('session_created', {
        metadata: { made: 'by hand' },
        llmConfig: { model: 'none' },
        config: { ...defaults.sessionDefaults, ...config },
        ...payload,
      }),
    status: (status, previousStatus = 'active', reason) =>
      write('session_status', { status, previousStatus, ...(reason !== undefined && { reason }) }),
    crashed: (payload = {}) =>
      write('session_crashed', {
        error: { name: 'Error', message: 'boom' },
        restarting: false,
        attempt: 1,
        restartTimes: [],
        ...payload,
      }),
    message(content = 'hello', extra = {}, tokens = 1) {
      messages += 1;
      const message: Message = {
        id: `${id}:${messages}`,
        seq: (facts + 1) * 3,
        role: 'user',
        content,
        createdAt: new Date(START + (facts + 1) * 1000).toISOString(),
        ...extra,
      };
      return write('conversation_added', { message, tokens });
    },
  };
}

const path = fc.constantFrom('a.ts', 'b.ts', 'c.ts');
const key = fc.constantFrom('plan', 'goal', 'constructor');
const status = fc.constantFrom<SessionStatus>('initializing', 'active', 'idle', 'terminating', 'terminated');
const reason = fc.option(fc.constantFrom('normal', 'killed', 'crashed'), { nil: undefined });
const error = fc.record({ name: fc.constant('Error'), message: fc.string({ maxLength: 5 }) });

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.constant(null),
  fc.array(fc.boolean()),
);

type Step = (writer: FactWriter) => Fact;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.string({ maxLength: 4 }), fc.option(key), fc.integer({ min: 0, max: 6 })).map(
    ([content, idempotencyKey, tokens]): Step =>
      (writer) =>
        writer.message(content, idempotencyKey === null ? {} : { idempotencyKey }, tokens),
  ),
  fc.constant<Step>((writer) => writer.write('conversation_cleared', {})),
  path.map(
    (path): Step =>
      (writer) =>
        writer.write('file_added', { path }),
  ),
  path.map(
    (path): Step =>
      (writer) =>
        writer.write('file_removed', { path }),
  ),
  fc.tuple(path, fc.option(fc.dictionary(fc.constantFrom('lines', 'language'), fc.nat(9)))).map(
    ([path, metadata]): Step =>
      (writer) =>
        writer.write('context_updated', { filesChanged: [path], metadata }),
  ),
  fc.tuple(key, fc.option(value, { nil: undefined })).map(
    ([key, value]): Step =>
      (writer) =>
        writer.write('working_context_updated', value === undefined ? { key } : { key, value }),
  ),
  fc.tuple(status, status, reason).map(
    ([to, from, why]): Step =>
      (writer) =>
        writer.status(to, from, why),
  ),
  fc.record({ error, restarting: fc.boolean(), restartTimes: fc.array(fc.nat(), { maxLength: 3 }) }).map(
    (payload): Step =>
      (writer) =>
        writer.crashed(payload),
  ),
  fc.option(error, { nil: undefined }).map(
    (error): Step =>
      (writer) =>
        writer.write('session_terminated', error ? { reason: 'killed', error } : { reason: 'normal' }),
  ),
  fc.constant<Step>((writer) => writer.write('llm_response', { turnId: 't', content: 'said' })),
);

/** Any life of a session, legal or not, in a session so small that its limits are met all the time. */
export const lives: fc.Arbitrary<readonly Fact[]> = fc.array(step, { maxLength: 60 }).map((steps) => {
  const writer = factWriter('s', { maxMessages: 4, maxTokens: 12, maxFiles: 2 });
  return [writer.created(), ...steps.map((each) => each(writer))];
});

/** All that a state says, as plain data: the private parts of a conversation would compare equal unseen. */
export function contentsOf(state: SessionState) {
  const { conversation, files, fileIndex, workingContext, keyed, ...rest } = state;
  const count = conversation?.count ?? 0;
  return {
    ...rest,
    messages: conversation?.slice(count) ?? [],
    sizes: Array.from({ length: count }, (_, n) => conversation?.tokensAt(n)),
    tokens: conversation?.tokens ?? 0,
    files: [...(files ?? [])],
    fileIndex: [...(fileIndex ?? [])],
    workingContext: [...(workingContext ?? [])],
    keyed: [...(keyed ?? [])],
  };
}
