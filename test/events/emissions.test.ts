import { describe, expect, expectTypeOf, it } from 'vitest';
import { checkEmission } from '../../src/events/emissions.ts';
import type { AgentEmission } from '../../src/events/types.ts';
import { agentCases, without } from './examples.ts';

describe('checkEmission', () => {
  describe.each(agentCases)('$type', ({ type, fields, optional }) => {
    it('gives a frozen copy equal to what was emitted', () => {
      const emitted = { type, ...fields };
      const copy = checkEmission(emitted);
      expect(copy).toStrictEqual(emitted);
      expect(copy).not.toBe(emitted);
      expect(Object.isFrozen(copy)).toBe(true);
    });

    it('does without its optional fields, also when they are given as undefined', () => {
      for (const field of optional) {
        const expected = { type, ...without(fields, field) };
        expect(checkEmission(expected)).toStrictEqual(expected);
        expect(checkEmission({ type, ...fields, [field]: undefined })).toStrictEqual(expected);
      }
    });

    it('refuses a field that is missing or of another type, and names it', () => {
      for (const [field, value] of Object.entries(fields)) {
        if (!optional.includes(field)) {
          expect(() => checkEmission({ type, ...without(fields, field) })).toThrow(
            expect.objectContaining({
              code: 'INVALID_ARGUMENT',
              details: expect.objectContaining({ path: `${type}.${field}`, received: 'undefined' }),
            }),
          );
        }
        const other = typeof value === 'string' ? 1 : 'text';
        if (field === 'result' || field === 'error' || field === 'results') continue;
        expect(() => checkEmission({ type, ...fields, [field]: other })).toThrow(
          expect.objectContaining({
            code: 'INVALID_ARGUMENT',
            details: expect.objectContaining({
              path: `${type}.${field}`,
              received: expect.stringContaining(String(other)),
            }),
          }),
        );
      }
    });
  });

  it('leaves alone what is none of ours, though its type reads like one', () => {
    for (const type of [['agent_status'], new String('agent_status'), 7, null, undefined, 'other'])
      expect(checkEmission({ type, agentName: 'a', status: 'busy' })).toBeUndefined();
    for (const emitted of [null, undefined, 'agent_status']) expect(checkEmission(emitted)).toBeUndefined();
  });

  it('says what was expected', () => {
    const chunk = { type: 'llm_stream_chunk', turnId: 't' };
    expect(() => checkEmission(chunk)).toThrow(
      /llm_stream_chunk\.content must be .*string; received undefined/,
    );
    expect(() => checkEmission({ ...chunk, content: 'c', isFinal: 0 })).toThrow(/isFinal must be .*boolean/);
    const call = { type: 'tool_call', turnId: 't', toolId: 'i', toolName: 'n' };
    expect(() => checkEmission({ ...call, parameters: [] })).toThrow(
      /parameters must be .*object; received an array/,
    );
    expect(() => checkEmission({ ...call, parameters: null })).toThrow(
      /parameters must be .*object; received null/,
    );
  });

  it('names what is no JSON, wherever it is', () => {
    const call = { type: 'tool_call', turnId: 't', toolId: 'i', toolName: 'n' };
    expect(() => checkEmission({ ...call, parameters: { when: [new Date()] } })).toThrow(
      'tool_call.parameters.when[0]',
    );
    expect(() => checkEmission({ ...call, parameters: {}, extra: 1n })).toThrow('tool_call.extra');
  });

  it('keeps fields it does not know, frozen too', () => {
    const copy = checkEmission({ type: 'agent_status', agentName: 'a', status: 'x', extra: { list: [1] } });
    expect(copy).toStrictEqual({ type: 'agent_status', agentName: 'a', status: 'x', extra: { list: [1] } });
    const { extra } = copy as unknown as { extra: { list: number[] } };
    expect(Object.isFrozen(extra) && Object.isFrozen(extra.list)).toBe(true);
  });

  it('leaves out sessionId, seq and at, which the engine gives', () => {
    const emission = { type: 'agent_status', agentName: 'a', status: 'x' };
    expect(checkEmission({ ...emission, sessionId: 'forged', seq: 1, at: 'then' })).toStrictEqual(emission);
  });

  it('lets go whatever is not of a type of ours, unread', () => {
    let ran = 0;
    const getter = Object.defineProperty({}, 'type', { get: () => `${++ran}`, enumerable: true });
    const inherited = Object.create({ type: 'tool_call' });
    const proxy = new Proxy(
      {},
      {
        getOwnPropertyDescriptor() {
          throw new Error('trap');
        },
      },
    );
    const others = [
      { type: 'my_own', handler: () => 1, at: new Date() },
      { type: 'session_created', metadata: {} },
      { type: 'gap' },
      { type: 'constructor' },
      { type: '__proto__' },
      { type: 42 },
      {},
      [],
      null,
      undefined,
      'tool_call',
      getter,
      inherited,
      proxy,
    ];
    for (const emitted of others) expect(checkEmission(emitted)).toBeUndefined();
    expect(ran).toBe(0);
  });

  it('runs no getter of an emission of ours', () => {
    let ran = 0;
    const emitted = {
      type: 'agent_status',
      agentName: 'a',
      get status() {
        ran++;
        return 'x';
      },
    };
    expect(() => checkEmission(emitted)).toThrow('agent_status.status');
    expect(ran).toBe(0);
  });

  it('takes an emission whose later changes have no effect', () => {
    const emitted = { type: 'tool_call', turnId: 't', toolId: 'i', toolName: 'n', parameters: { list: [1] } };
    const copy = checkEmission(emitted);
    emitted.parameters.list.push(2);
    expect(copy).toHaveProperty('parameters.list', [1]);
  });

  it('gives an event that an agent may emit', () => {
    expectTypeOf(checkEmission).returns.toEqualTypeOf<AgentEmission | undefined>();
  });
});
