import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createActor, createMachine } from 'xstate';
import type { Json } from '../../src/data.ts';
import { isSessionError, SessionError } from '../../src/errors.ts';
import { treeOf } from '../../src/session/agent-tree.ts';
import { AgentReader, AgentWriter, type Holder } from '../../src/session/agent-values.ts';
import { thawed } from '../support/frozen.ts';
import { agentInput } from './agent-stage.ts';

const input = agentInput();
const none = new Map<AnyActorRef, readonly string[]>();
const write = (value: unknown, tree = none) => new AgentWriter(input, tree).write(value, 'v');

function read(json: Json, lent = agentInput('t'), actor?: AnyActorRef): unknown {
  const reader = new AgentReader(lent);
  const holder: Holder = {};
  reader.readInto(holder, 'v', JSON.parse(JSON.stringify(json)));
  reader.settle(() => actor as AnyActorRef);
  return holder.v;
}

/** What writing says is wrong with the value. */
function complaint(value: unknown, tree = none): string {
  try {
    write(value, tree);
    return 'it was written';
  } catch (error) {
    return isSessionError(error) ? `${error.details?.path}: ${error.details?.received}` : String(error);
  }
}

describe('the handles that an agent was given', () => {
  it.each([
    ['its input', input, (other: typeof input) => other],
    ['its session', input.session, (other: typeof input) => other.session],
    ['the context', input.session.context, (other: typeof input) => other.session.context],
    ['the cache', input.session.cache, (other: typeof input) => other.session.cache],
    ['the signal', input.signal, (other: typeof input) => other.signal],
  ])('come back as those of the new incarnation: %s', (_what, handle, ofOther) => {
    const value = { here: handle, deep: [{ there: handle }], n: 1 };
    const written = write(value);
    expect(thawed(written)).toBeUndefined();
    const other = agentInput('t');
    const back = read(written, other) as { here: unknown; deep: [{ there: unknown }]; n: number };
    expect(back.here).toBe(ofOther(other));
    expect(back.deep[0].there).toBe(ofOther(other));
    expect(back.n).toBe(1);
    expect(value.here).toBe(handle);
  });

  it('are those of this agent: another’s are refused, with the path', () => {
    const other = agentInput('t');
    expect(complaint({ a: [other.session.context] })).toBe('v.a[0]: an instance of Handle');
    expect(complaint({ signal: other.signal })).toBe('v.signal: an instance of AbortSignal');
  });

  it('make no signal that nobody has read', () => {
    let read = false;
    const quiet = Object.freeze(
      Object.defineProperty({ session: input.session }, 'signal', {
        enumerable: true,
        get() {
          read = true;
          return new AbortController().signal;
        },
      }),
    ) as typeof input;
    new AgentWriter(quiet, none).write(
      { input: quiet, session: quiet.session, cache: quiet.session.cache },
      'v',
    );
    expect(read).toBe(false);
  });
});

describe('data that looks like a mark', () => {
  it.each([
    [{ $chartroom: 'session' }],
    [{ $chartroom: 'actor', path: [] }],
    [{ $chartroom: 'data', value: { $chartroom: 'signal' } }],
    [{ $chartroom: { $chartroom: null }, more: [1] }],
    [{ a: [{ $chartroom: 'ended', id: 'x', status: 'done' }] }],
  ])('comes back as it was: %j', (data) => {
    expect(read(write(data))).toEqual(data);
  });

  it('may hold a handle', () => {
    const other = agentInput('t');
    const back = read(write({ $chartroom: input.session, b: input.signal }), other) as Record<
      string,
      unknown
    >;
    expect(back.$chartroom).toBe(other.session);
    expect(back.b).toBe(other.signal);
  });

  it('is any JSON: what was written and read is what it was', () => {
    const key = fc.oneof(
      { weight: 3, arbitrary: fc.string() },
      fc.constant('$chartroom'),
      fc.constant('value'),
    );
    const text = fc.oneof(fc.string(), fc.constantFrom('actor', 'session', 'data', 'error'));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, text, fc.integer(), fc.constant(null), tie('list'), tie('object')),
      list: fc.array(tie('tree'), { maxLength: 3 }),
      object: fc.dictionary(
        key.filter((name) => name !== '__proto__'),
        tie('tree'),
        { maxKeys: 3 },
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        expect(JSON.stringify(read(write(data)))).toBe(JSON.stringify(data));
      }),
    );
  });

  it('of a mark that this version does not know is refused', () => {
    expect(() => read({ $chartroom: 'wormhole' })).toThrow('"wormhole"');
  });
});

describe('errors', () => {
  it('come back as errors with name, message and code, and without what means nothing elsewhere', () => {
    const failure = new SessionError('OVERLOADED', 'too much', { cause: new Error('inner') });
    const written = write({ last: failure, other: new TypeError('no') });
    expect(JSON.stringify(written)).not.toContain('.ts');
    const back = read(written) as { last: Error & { code: string }; other: Error };
    expect(back.last).toBeInstanceOf(Error);
    expect([back.last.name, back.last.message, back.last.code]).toEqual([
      'SessionError',
      'too much',
      'OVERLOADED',
    ]);
    expect([back.other.name, back.other.message]).toEqual(['TypeError', 'no']);
    expect(back.other).not.toHaveProperty('code');
  });

  it('that an actor failed with are written whatever they are', () => {
    const writer = new AgentWriter(input, none);
    expect(writer.writeError({ status: 500 }, 'v')).toEqual({ status: 500 });
    const back = read(writer.writeError(new Map([[1, 2]]), 'v')) as Error;
    expect(back.message).toBe('an instance of Map was thrown');
  });
});

describe('actors', () => {
  const child = createMachine({ initial: 'a', states: { a: {} } });
  const machine = createMachine({ invoke: { id: 'c', src: child } });

  it('of the agent are written as where they are, and filled in once they are there', () => {
    const agent = createActor(machine).start();
    const { c } = agent.getSnapshot().children as { c: AnyActorRef };
    const written = write({ self: agent, list: [c] }, treeOf(agent)) as { self: Json; list: Json[] };
    expect(written.self).toMatchObject({ path: [] });
    expect(written.list[0]).toMatchObject({ path: ['c'] });
    const back = read(written, input, agent) as { self: unknown; list: unknown[] };
    expect(back.self).toBe(agent);
    expect(back.list[0]).toBe(agent);
  });

  it('that have ended and are nobody’s child are written as ended', () => {
    const over = createActor(machine).start();
    over.stop();
    expect(write(over)).toMatchObject({ id: over.id, status: 'stopped' });
  });

  it('that run elsewhere are refused', () => {
    const stranger = createActor(machine).start();
    expect(() => write({ a: stranger })).toThrow(
      'v must be without running actors other than the agent’s own',
    );
  });
});

describe('what JSON cannot say', () => {
  const cycle: Record<string, unknown> = { n: 1 };
  cycle.self = { again: cycle };
  it.each<[string, unknown, string]>([
    ['a function', { a: { run: () => {} } }, 'v.a.run: a function'],
    ['a date', { born: new Date(0) }, 'v.born: an instance of Date'],
    ['a map', [new Map()], 'v[0]: an instance of Map'],
    ['a cycle', cycle, 'v.self.again: an object'],
    ['no number', { n: Number.NaN }, 'v.n: the number NaN'],
    ['a hole', [1, undefined], 'v[1]: undefined'],
    ['an accessor', Object.defineProperty({}, 'a', { enumerable: true, get: () => 1 }), 'v.a: a function'],
    ['beside a handle', { s: input.session, f: () => {} }, 'v.f: a function'],
    [
      'an accessor beside a handle',
      Object.defineProperty({ s: input.session }, 'a', { enumerable: true, get: () => 1 }),
      'v.a: a function',
    ],
  ])('is refused with its path: %s', (_what, value, path) => {
    expect(complaint(value)).toBe(path);
  });

  it('but undefined as the value of a key is left out', () => {
    expect(write({ a: undefined, b: { c: undefined, s: input.session } })).toEqual({
      b: { s: { $chartroom: 'session' } },
    });
  });
});

it('what is read may be changed, and is nobody else’s', () => {
  const written = write({ list: [{ n: 1 }] });
  const first = read(written) as { list: Array<{ n: number }> };
  first.list.push({ n: 2 });
  expect(read(written)).toEqual({ list: [{ n: 1 }] });
});
