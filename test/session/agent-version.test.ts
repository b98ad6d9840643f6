import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/data.ts';
import { freezeJson } from '../../src/json.ts';
import type { AgentSnapshot } from '../../src/session/agent-snapshot.ts';
import { upgradeAgent } from '../../src/session/agent-version.ts';
import { thawed } from '../support/frozen.ts';

const stored: AgentSnapshot = freezeJson({
  snapshot: { status: 'active', value: 'a' },
  timers: [{ source: [], event: { type: 'x' }, id: 'x', dueAt: 5 }],
  lostTimers: [],
  atWork: false,
});
const never = () => {
  throw new Error('not to be called');
};

describe('an agent stored under', () => {
  it.each([[undefined], [1], ['v1']])(
    'the present version (%j) is left as it is, and nobody is asked',
    (version) => {
      expect(upgradeAgent(stored, version, version, never)).toBe(stored);
    },
  );

  it('another version is what migrateAgent makes of its snapshot; all else of it stays', () => {
    const asked: unknown[] = [];
    const made = { status: 'active', value: 'b' };
    const upgraded = upgradeAgent(stored, 1, 2, (snapshot, fromVersion) => {
      asked.push(snapshot, fromVersion);
      return made;
    });
    made.value = 'changed later';
    expect(asked).toEqual([stored.snapshot, 1]);
    expect(upgraded).toEqual({ ...stored, snapshot: { status: 'active', value: 'b' } });
    expect(thawed(upgraded)).toBeUndefined();
  });

  it('no version is handed over as such', () => {
    const asked: unknown[] = [];
    upgradeAgent(stored, undefined, 'v1', (snapshot, fromVersion) => {
      asked.push(fromVersion);
      return snapshot;
    });
    expect(asked).toEqual([undefined]);
  });

  it('having no version is told of as that', () => {
    const lost = (before: string | undefined, version: string | undefined) =>
      upgradeAgent(stored, before, version, undefined).lost;
    expect(lost(undefined, 'v1')).toContain('stored with no agentVersion and runs with agentVersion "v1"');
    expect(lost('v1', undefined)).toContain('stored with agentVersion "v1" and runs with no agentVersion');
  });

  it('what is wrong with what migrateAgent returns is told by where it is', () => {
    const { lost } = upgradeAgent(stored, 1, 2, () => [] as never);
    expect(lost).toContain('what options.migrateAgent returns must be a JSON object');
  });

  it.each<[string, (() => unknown) | undefined, string]>([
    ['without migrateAgent', undefined, 'give options.migrateAgent to keep it'],
    ['when migrateAgent throws', () => never(), 'options.migrateAgent failed: not to be called'],
    ['when migrateAgent returns nothing', () => undefined, 'must be a JSON object; received undefined'],
    ['when migrateAgent returns a promise', async () => ({}), 'received an instance of Promise'],
    ['when migrateAgent returns a list', () => [], 'must be a JSON object; received an array'],
    ['when what it returns is no JSON', () => ({ context: { f() {} } }), 'context.f'],
  ])('another version is lost, and why is told, %s', (_what, migrate, reason) => {
    const upgraded = upgradeAgent(stored, 1, 2, migrate as (snapshot: JsonObject) => JsonObject);
    expect(Object.keys(upgraded)).toEqual(['lost']);
    expect(upgraded.lost).toContain('stored with agentVersion 1 and runs with agentVersion 2');
    expect(upgraded.lost).toContain(reason);
  });
});
