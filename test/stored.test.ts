import { expect, it } from 'vitest';
import { Admission } from '../src/admission.ts';
import type { Engine } from '../src/engine.ts';
import { SessionError } from '../src/errors.ts';
import { Dormant } from '../src/session/dormant.ts';
import { Registry } from '../src/session/registry.ts';
import { Stored, type StoredParts } from '../src/stored.ts';
import { codeOf } from './support/errors.ts';
import { bareLease } from './support/lease.ts';

function setUp() {
  const registry = new Registry();
  const dormant: Dormant = new Dormant(registry, () => stored.sessions);
  const engine = {
    registry,
    dormant,
    agents: { part: undefined },
    stored: { get: () => stored },
    time: { now: () => 0 },
  } as unknown as Engine;
  const untilClosed: Admission['untilClosed'] = (call) => new Admission().untilClosed(call);
  const stored: Stored = new Stored({ engine, untilClosed } as StoredParts, bareLease());
  return stored;
}

it('takes up a store that is empty', async () => {
  expect(await setUp().recover(() => false)).toEqual({ recovered: 0, quarantined: [] });
});

it('that is closed reads no more', async () => {
  const stored = setUp();
  stored.close(new SessionError('MANAGER_CLOSED', 'closed'));
  expect(await codeOf(stored.sessions.list({}))).toBe('MANAGER_CLOSED');
});
