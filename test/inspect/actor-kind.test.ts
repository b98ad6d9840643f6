import { describe, expect, it } from 'vitest';
import {
  createMachine,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
} from 'xstate';
import { compile, sessionMachine, supervisorLogic } from '../../machines/index.ts';
import { kindOf } from '../../src/inspect/actor-kind.ts';

const never = { subscribe: () => ({ unsubscribe: () => {} }) };

describe('the kind of an actor', () => {
  it.each([
    ['promise', fromPromise(async () => 1)],
    ['callback', fromCallback(() => () => {})],
    ['observable', fromObservable(() => never)],
    ['event observable', fromEventObservable(() => never)],
    ['transition', fromTransition((state: number) => state + 1, 0)],
    ['machine', createMachine({})],
    ['machine', compile(sessionMachine)],
    ['logic', supervisorLogic],
    ['logic', undefined],
  ])('is %s', (kind, logic) => {
    expect(kindOf(logic)).toBe(kind);
    expect(kindOf(logic)).toBe(kind);
  });
});
