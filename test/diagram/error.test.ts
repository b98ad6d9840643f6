import { describe, expect, it } from 'vitest';
import { DiagramError, isDiagramError } from '../../src/diagram/error.ts';

describe('DiagramError', () => {
  it('has a code, a message for people and what was behind it', () => {
    const cause = new Error('deep down');
    const error = new DiagramError('LAYOUT_FAILED', 'It did not work.', { cause });
    expect(error).toMatchObject({
      name: 'DiagramError',
      code: 'LAYOUT_FAILED',
      message: 'It did not work.',
      cause,
    });
    expect(error).toBeInstanceOf(Error);
  });

  it('is known by its brand, which another copy of the package has too', () => {
    const brand = Symbol.for('chartroom.diagram-error');
    expect(isDiagramError(new DiagramError('TOO_LARGE', ''))).toBe(true);
    expect(isDiagramError({ [brand]: true })).toBe(true);
    for (const other of [new Error(), undefined, null, 'TOO_LARGE', { code: 'TOO_LARGE' }])
      expect(isDiagramError(other)).toBe(false);
  });
});
