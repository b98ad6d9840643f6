import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListFilter } from '../../src/client.ts';
import type { SessionStatus } from '../../src/data.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { Registry } from '../../src/session/registry.ts';
import { applyFact } from '../../src/session/state.ts';
import { codeThrown } from '../support/errors.ts';
import { factWriter } from './facts.ts';

const NONE = { initializing: 0, active: 0, idle: 0, terminating: 0, terminated: 0 };

function entryOf(id: string, seq: number): SessionEntry {
  return new SessionEntry(applyFact(undefined, { ...factWriter(id).created(), seq }), 0);
}

/** Moves an entry as the follower does: the state first, then the counts. */
function move(registry: Registry, entry: SessionEntry, to: SessionStatus): void {
  const from = entry.state.status;
  entry.state.status = to;
  registry.moved(from, to);
}

/** Sessions `s1…`, created at every third `seq`. */
function filled(count: number) {
  const registry = new Registry();
  const entries = Array.from({ length: count }, (_, n) => entryOf(`s${n + 1}`, (n + 1) * 3));
  for (const entry of entries) registry.add(entry);
  return { registry, entries };
}

const ids = (entries: Iterable<SessionEntry>) => [...entries].map(({ state }) => state.id);

describe('a registry', () => {
  it('finds what was added, by any id there can be', () => {
    const registry = new Registry();
    const awkward = ['constructor', 'valueOf', 'toString', 's'];
    const entries = awkward.map((id, n) => entryOf(id, n + 1));
    for (const entry of entries) registry.add(entry);
    for (const entry of entries) expect(registry.find(entry.state.id)).toBe(entry);
    expect(ids(registry.values())).toEqual(awkward);
    expect(registry.size).toBe(4);
  });

  it('says SESSION_NOT_FOUND of the others, with the id', () => {
    const { registry } = filled(1);
    expect(registry.get('hasOwnProperty')).toBeUndefined();
    expect(codeThrown(() => registry.find('hasOwnProperty'))).toBe('SESSION_NOT_FOUND');
    expect(() => registry.find('gone')).toThrow(expect.objectContaining({ sessionId: 'gone' }));
  });

  it('says STORE_CORRUPT of one that is stored and could not be read, with what was wrong', () => {
    const { registry } = filled(1);
    registry.quarantined.set('spoiled', 'Fact 3 is missing.');
    for (const call of [() => registry.find('spoiled'), () => registry.checkQuarantine('spoiled')])
      expect(call).toThrow(
        expect.objectContaining({
          code: 'STORE_CORRUPT',
          sessionId: 'spoiled',
          details: { reason: 'Fact 3 is missing.' },
        }),
      );
    expect(registry.checkQuarantine('s1')).toBeUndefined();
    expect(registry.get('spoiled')).toBeUndefined();
  });

  it('says INVALID_SESSION_ID of what no session could be called', () => {
    const { registry } = filled(1);
    for (const id of ['', '../s1', '.s1', 'a b'])
      expect(codeThrown(() => registry.find(id))).toBe('INVALID_SESSION_ID');
  });

  it('counts sessions by status, through every move and every end', () => {
    const { registry, entries } = filled(3);
    const [a, b] = entries as [SessionEntry, SessionEntry];
    expect(registry.counts).toEqual({ ...NONE, initializing: 3 });
    move(registry, a, 'active');
    move(registry, b, 'terminating');
    expect(registry.counts).toEqual({ ...NONE, initializing: 1, active: 1, terminating: 1 });
    move(registry, b, 'terminated');
    registry.remove(b);
    expect(registry.counts).toEqual({ ...NONE, initializing: 1, active: 1 });
    expect(registry.size).toBe(2);
  });

  it('hands out counts that are a copy', () => {
    const { registry } = filled(1);
    registry.counts.initializing = 99;
    expect(registry.counts.initializing).toBe(1);
  });

  it('knows nobody and counts nobody once it is cleared', () => {
    const { registry } = filled(2);
    registry.clear();
    expect([registry.size, registry.list({}), ids(registry.values())]).toEqual([0, [], []]);
    expect(registry.counts).toEqual(NONE);
  });

  it('marks what it removes, and keeps the id free for a later session', () => {
    const { registry, entries } = filled(1);
    const [first] = entries as [SessionEntry];
    registry.remove(first);
    expect(first.registered).toBe(false);
    const later = entryOf('s1', 50);
    registry.add(later);
    expect(registry.find('s1')).toBe(later);
    expect(ids(registry.list({}))).toEqual(['s1']);
  });
});

describe('a page of the list', () => {
  it('is in creation order, of at most `limit`, after the `seq` of the last page', () => {
    const { registry, entries } = filled(5);
    expect(ids(registry.list({ limit: 2 }))).toEqual(['s1', 's2']);
    const after = entries[1]?.state.seq ?? 0;
    expect(ids(registry.list({ limit: 2, after }))).toEqual(['s3', 's4']);
    expect(ids(registry.list({ after: after + 1 }))).toEqual(['s3', 's4', 's5']);
    expect(ids(registry.list({ after: 15 }))).toEqual([]);
    expect(ids(registry.list({ after: 0, limit: 1 }))).toEqual(['s1']);
    expect(registry.list({ limit: 0 })).toEqual([]);
  });

  it('holds the statuses asked for, one or several, and counts only those against the limit', () => {
    const { registry, entries } = filled(6);
    entries.forEach((entry, n) => {
      if (n % 2 === 1) move(registry, entry, n === 3 ? 'idle' : 'active');
    });
    expect(ids(registry.list({ status: 'active' }))).toEqual(['s2', 's6']);
    expect(ids(registry.list({ status: ['active', 'idle'], limit: 2 }))).toEqual(['s2', 's4']);
    expect(registry.list({ status: 'terminating' })).toEqual([]);
    expect(registry.list({ status: [] })).toEqual([]);
  });

  it('goes on where the last one stopped when that session has ended meanwhile', () => {
    const { registry, entries } = filled(4);
    const [, second] = entries as [SessionEntry, SessionEntry];
    const after = second.state.seq;
    registry.remove(second);
    expect(ids(registry.list({ after }))).toEqual(['s3', 's4']);
    expect(ids(registry.list({ limit: 2 }))).toEqual(['s1', 's3']);
  });

  it('has those that came back from the store in their places, between younger ones', () => {
    const registry = new Registry();
    for (const seq of [1, 5, 9, 7]) registry.add(entryOf(`s${seq}`, seq));
    expect(ids(registry.list({}))).toEqual(['s1', 's5', 's7', 's9']);
    registry.add(entryOf('s3', 3));
    expect(ids(registry.list({ after: 1, limit: 3 }))).toEqual(['s3', 's5', 's7']);
    expect(ids(registry.list({ after: 7 }))).toEqual(['s9']);
  });

  it('looks at no more that have ended than there are sessions, beyond the first few', () => {
    const { registry, entries } = filled(200);
    let looks = 0;
    for (const entry of entries) {
      let registered = true;
      const get = () => {
        looks += 1;
        return registered;
      };
      const set = (now: boolean) => {
        registered = now;
      };
      Object.defineProperty(entry, 'registered', { get, set });
    }
    const looked = () => {
      looks = 0;
      registry.list({});
      return looks;
    };
    const end = (from: number, to: number) => {
      for (const entry of entries.slice(from, to)) registry.remove(entry);
      return looked();
    };
    expect(end(0, 99)).toBe(200);
    expect(end(99, 100)).toBe(100);
    // Few holes are left open, however few sessions there are between them.
    expect(end(100, 163)).toBe(100);
    expect(end(163, 164)).toBe(36);
  });
});

describe('any course of creations and ends', () => {
  // Enough at a time to meet the closing of holes from both sides.
  const step = fc.oneof(
    fc.record({ op: fc.constant('create' as const), count: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ op: fc.constant('end' as const), count: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ op: fc.constant('move' as const), count: fc.integer({ min: 1, max: 9 }) }),
  );
  const filter: fc.Arbitrary<ListFilter> = fc.record(
    {
      status: fc.constantFrom<SessionStatus | SessionStatus[]>('active', ['active', 'idle']),
      limit: fc.nat(40),
      after: fc.nat(400),
    },
    { requiredKeys: [] },
  );

  it('lists what a plain array would', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), filter, fc.nat(), (course, asked, salt) => {
        const registry = new Registry();
        let model: SessionEntry[] = [];
        let seq = 0;
        const pick = (n: number) => model[(salt + n * 7) % model.length];
        for (const { op, count } of course)
          for (let n = 0; n < count; n += 1) {
            if (op === 'create') {
              seq += 2;
              const entry = entryOf(`s${seq}`, seq);
              registry.add(entry);
              model.push(entry);
              continue;
            }
            const chosen = pick(n);
            if (!chosen) continue;
            if (op === 'move') move(registry, chosen, n % 2 ? 'idle' : 'active');
            else {
              registry.remove(chosen);
              model = model.filter((each) => each !== chosen);
            }
          }
        const { status, limit, after = -1 } = asked;
        const wanted = (entry: SessionEntry) =>
          entry.state.seq > after && (!status || [status].flat().includes(entry.state.status));
        expect(ids(registry.list(asked))).toEqual(ids(model.filter(wanted).slice(0, limit)));
        expect(ids(registry.list({}))).toEqual(ids(model));
        expect(registry.size).toBe(model.length);
        const counts = { ...NONE };
        for (const { state } of model) counts[state.status] += 1;
        expect(registry.counts).toEqual(counts);
      }),
    );
  });
});
