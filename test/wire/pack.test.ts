import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyJson } from '../../src/json.ts';
import { packArguments } from '../../src/wire/pack.ts';
import { unpackArguments } from '../../src/wire/unpack.ts';

const noSignal = () => new AbortController().signal;
/** As it comes out at the far end. */
const carried = (args: unknown[], ...readings: Parameters<typeof packArguments>[1]) => {
  const { signal: _, ...packed } = packArguments(args, readings);
  return unpackArguments(structuredClone(packed), noSignal);
};
const refusal = (value: unknown) => {
  try {
    return copyJson(value, 'value');
  } catch (error) {
    const { message, details } = error as { message: string; details: unknown };
    return { message, details };
  }
};

class Point {
  x = 1;
}
class List extends Array {}
const cycle: Record<string, unknown> = { a: { b: [] } };
(cycle.a as { b: unknown[] }).b.push(1, cycle.a);
const nested = (depth: number): unknown => (depth === 0 ? 'bottom' : { in: nested(depth - 1) });
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

const offenders: ReadonlyArray<readonly [string, unknown]> = [
  ['a function', () => {}],
  ['a symbol', Symbol('s')],
  ['a BigInt', 12n],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['a Map', new Map([['a', 1]])],
  ['a Date', new Date(0)],
  ['an Error', new Error('x')],
  ['a typed array', new Uint8Array(2)],
  ['a boxed string', Object('x')],
  ['a class instance', new Point()],
  ['an instance of a class without a name', new (class {})()],
  ['an object over another', Object.create({ inherited: 1 })],
  ['an array of another class', List.of(1)],
  ['a hole', Array(3)],
  ['an accessor', Object.defineProperty({}, 'secret', { get: () => 1, enumerable: true })],
  ['an accessor in an array', Object.defineProperty([0], 0, { get: () => 1 })],
  ['a setter', Object.defineProperty({}, 'secret', { set() {}, enumerable: true })],
  ['a symbol key', { [Symbol('hidden')]: 1, fine: 1 }],
  ['an own __proto__ key', JSON.parse('{ "a": 1, "__proto__": { "polluted": true }, "b": 2 }')],
  ['a cycle', cycle],
  ['100 levels', nested(100)],
  ['a revoked proxy', revoked],
];

describe('a value that is no JSON', () => {
  it.each(offenders)('is refused at the far end as it is here, path and words: %s', (_name, offender) => {
    for (const value of [offender, { a: [1, { offender }], z: 1 }, [[offender], Number.NaN]])
      expect(refusal(carried([value])[0])).toEqual(refusal(value));
  });

  it.each(offenders)('is found among others by whoever looks for it first: %s', (_name, offender) => {
    const value = { first: Symbol(), second: offender };
    const [far] = carried([value]) as [typeof value];
    expect(refusal(far)).toEqual(refusal(value));
    expect(refusal(far.second)).toEqual(refusal(value.second));
  });

  it('runs no accessor, and looks at one hole of many', () => {
    let ran = 0;
    carried([Object.defineProperty({}, 'a', { get: () => ran++, enumerable: true })], 'value');
    expect(ran).toBe(0);
    expect((carried([new Array(2 ** 31)])[0] as unknown[]).length).toBe(1);
  });
});

describe('JSON', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), (value) => {
        expect(refusal(carried([value])[0])).toEqual(refusal(value));
      }),
    );
  });

  it('goes alone: nothing is noted of it', () => {
    expect(packArguments(['a', { b: [1, null, true] }], [])).toEqual({ args: ['a', { b: [1, null, true] }] });
  });

  it('is copied when it is packed', () => {
    const value = { list: [1] };
    const packed = packArguments([value], []);
    value.list.push(2);
    expect(packed.args).toEqual([{ list: [1] }]);
  });

  it('may use one object twice', () => {
    const shared = { n: 1 };
    expect(carried([{ a: shared, b: [shared] }])).toEqual([{ a: { n: 1 }, b: [{ n: 1 }] }]);
  });

  it('keeps values of undefined where they were, for whoever counts keys', () => {
    const [far] = carried([{ a: undefined, b: [{ c: undefined }] }]) as [object];
    expect(Object.keys(far)).toEqual(['a', 'b']);
    expect(refusal(far)).toEqual({ b: [{}] });
  });
});

describe('arguments', () => {
  it('that are left out at the end are left out', () => {
    expect(packArguments(['a', undefined, undefined], [])).toEqual({ args: ['a'] });
    expect(carried([undefined, 'b'])).toEqual([undefined, 'b']);
  });

  it('that are options are read by their properties, whatever they are an instance of', () => {
    class Options {
      metadata = { a: 1 };
      get id() {
        return 'from a getter';
      }
    }
    const given = Object.defineProperty(new Options(), 'own', { get: () => 'got', enumerable: true });
    expect(carried([given], 'options')).toEqual([{ metadata: { a: 1 }, own: 'got' }]);
    const inherited = Object.create({ id: 'inherited', method() {} });
    expect(carried([inherited], 'options')).toEqual([{ id: 'inherited' }]);
  });

  it('that are options are JSON below that, but for a config', () => {
    const accessor = () => Object.defineProperty({}, 'n', { get: () => 1, enumerable: true });
    const [far] = carried([{ metadata: accessor(), config: accessor() }], 'options') as [
      { metadata: object; config: object },
    ];
    expect(far.config).toEqual({ n: 1 });
    expect(Object.getOwnPropertyDescriptor(far.metadata, 'n')?.get).toBeTypeOf('function');
  });

  it('that are options have one config: what is called so within it is JSON', () => {
    const options: Record<string, unknown> = {};
    options.config = options;
    const [far] = carried([options], 'options') as [{ config: { config: unknown } }];
    expect(far.config.config).toBe(far);
    let deep: object = {};
    for (let level = 0; level < 20_000; level++) deep = { config: deep };
    expect(() => packArguments([deep], ['options'])).not.toThrow();
  });

  it.each([[null], [[]], ['x'], [42]])('that are no options stay what they are: %j', (value) => {
    expect(carried([value], 'options')).toEqual([value]);
  });

  it('throw what a getter among the options throws', () => {
    const options = {
      get id(): never {
        throw new Error('mine');
      },
    };
    expect(() => packArguments([options], ['options'])).toThrow('mine');
  });

  it('that were thrown are what an error says of itself', () => {
    expect(carried([new TypeError('why')], 'thrown')).toEqual([{ name: 'TypeError', message: 'why' }]);
    expect(carried(['a', undefined], 'value', 'thrown')).toEqual(['a']);
  });

  it('leave their signal here, and mark where it was', () => {
    const { signal } = new AbortController();
    const packed = packArguments([{ signal, id: 'a' }], ['options']);
    expect(packed).toEqual({ args: [{ signal: null, id: 'a' }], odd: [[[0, 'signal'], 'signal']], signal });
  });

  it('with a signal that is none leave it to be refused', () => {
    const packed = packArguments([{ signal: {} }], ['options']);
    expect(packed).toEqual({ args: [{ signal: {} }] });
  });
});
