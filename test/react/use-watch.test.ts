import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { SessionView } from '../../src/bindings/index.ts';
import type { UseSessionOptions } from '../../src/react/index.ts';
import { type Read, type ReadOptions, useWatch } from '../../src/react/use-watch.ts';

const failed = { status: 'error', error: new Error('it is gone') } as const;
function read(
  view: { status: 'loading' | 'ready' | 'error'; error: Error | undefined },
  options: ReadOptions,
) {
  const watch = {
    fallback: view,
    get: () => view,
    subscribe: () => () => {},
    load: () => Promise.resolve(),
    retry: () => {},
  };
  return renderToString(createElement(() => useWatch(watch, options).status));
}

describe('useWatch', () => {
  it('returns an error unless it is to be thrown', () => {
    expect(read(failed, {})).toBe('error');
    expect(() => read(failed, { throwOnError: true })).toThrow('it is gone');
    expect(() => read(failed, { suspense: true })).toThrow('it is gone');
    expect(read(failed, { suspense: true, throwOnError: false })).toBe('error');
  });

  it('returns what its options leave possible', () => {
    type StatusWith<O extends ReadOptions> = Read<SessionView, O>['status'];
    expectTypeOf<StatusWith<ReadOptions>>().toEqualTypeOf<'loading' | 'ready' | 'error'>();
    expectTypeOf<StatusWith<{ suspense: true }>>().toEqualTypeOf<'ready'>();
    expectTypeOf<StatusWith<{ suspense: true; throwOnError: false }>>().toEqualTypeOf<'ready' | 'error'>();
    expectTypeOf<StatusWith<{ throwOnError: true }>>().toEqualTypeOf<'loading' | 'ready'>();
    type Undecided = { suspense: true; throwOnError: boolean };
    expectTypeOf<StatusWith<Undecided>>().toEqualTypeOf<'ready' | 'error'>();
    type Defaulted = { suspense: true; throwOnError?: undefined };
    expectTypeOf<StatusWith<Defaulted>>().toEqualTypeOf<'ready'>();
    expectTypeOf<{ create: { metadata: { n: 1 } } | undefined }>().toExtend<UseSessionOptions>();
    type Either = { suspense: true } | { suspense: false };
    expectTypeOf<StatusWith<Either>>().toEqualTypeOf<'loading' | 'ready' | 'error'>();
  });
});
