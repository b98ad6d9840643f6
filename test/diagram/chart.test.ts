import { describe, expect, it } from 'vitest';
import { ROOT, stateId } from '../../src/diagram/chart.ts';

describe('the id of a state', () => {
  it('is its path, joined by dots', () => {
    expect(stateId(ROOT, 'running')).toBe('running');
    expect(stateId('running', 'active')).toBe('running.active');
  });

  it('is never that of another: dots and backslashes in keys are escaped, an empty key is not the machine', () => {
    const ids = [
      stateId(stateId(ROOT, 'a'), 'b'),
      stateId(ROOT, 'a.b'),
      stateId(ROOT, 'a\\.b'),
      stateId(ROOT, ''),
      stateId(ROOT, '\\e'),
      ROOT,
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
