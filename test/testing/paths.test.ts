import { describe, expect, it } from 'vitest';
import { checkPath } from '../../src/testing/paths.ts';

describe('a path', () => {
  it.each([undefined, '', '0', '7:0:2'])('may be %j', (path) => {
    expect(() => checkPath(path, 1)).not.toThrow();
  });

  it.each(['abc', '7:', ':7', '7;2', 7, null])('is not %j', (path) => {
    expect(() => checkPath(path, 1)).toThrow(/options\.path must be as a failure printed it/);
  });

  it('belongs to a seed', () => {
    expect(() => checkPath('7', undefined)).toThrow(/give both, as the failure printed them/);
    expect(() => checkPath(undefined, undefined)).not.toThrow();
  });
});
