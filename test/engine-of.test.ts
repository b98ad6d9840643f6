import { createSessionManager, isSessionError } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { engineOf } from '../src/engine-of.ts';
import type { Fact } from '../src/session/facts.ts';

describe('the engine of a manager', () => {
  it('is found by the manager, and shows its sessions', async () => {
    await using rooms = createSessionManager();
    const session = await rooms.createSession({ id: 'a' });
    await session.send('user', 'hello');
    expect(engineOf(rooms).registry.get('a')?.state.conversation?.count).toBe(1);
  });

  it.each([undefined, null, 'manager', {}, Object.create(null)])('is not found by %s', (stranger) => {
    const ask = () => engineOf(stranger);
    expect(ask).toThrow(/createSessionManager/);
    try {
      ask();
    } catch (error) {
      expect(isSessionError(error) && error.code).toBe('INVALID_ARGUMENT');
    }
  });
});

describe('a tap', () => {
  it('is told each fact once it is committed and shown, those without an event included, until it is taken out', async () => {
    await using rooms = createSessionManager();
    const engine = engineOf(rooms);
    const facts: Fact[] = [];
    const shown: unknown[] = [];
    const tap = (fact: Fact) => {
      facts.push(fact);
      shown.push(engine.registry.get(fact.sessionId)?.state.workingContext?.get('k'));
    };
    engine.taps.add(tap);
    const session = await rooms.createSession({ id: 'a' });
    await session.context.put('k', 1);
    engine.taps.delete(tap);
    await session.context.put('k', 2);
    expect(facts.map(({ type }) => type)).toEqual([
      'session_created',
      'session_status',
      'working_context_updated',
    ]);
    expect(facts.at(-1)?.payload).toEqual({ key: 'k', value: 1 });
    expect(shown.at(-1)).toBe(1);
  });

  it('that throws disturbs nobody', async () => {
    await using rooms = createSessionManager({ logger: { ...console, error: () => {} } });
    engineOf(rooms).taps.add(() => {
      throw new Error('a tap that throws');
    });
    const session = await rooms.createSession();
    expect((await session.send('user', 'hello')).content).toBe('hello');
  });
});
