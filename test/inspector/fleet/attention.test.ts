import { describe, expect, it } from 'vitest';
import type { FleetRow } from '../../../src/inspect/index.ts';
import {
  attentionOf,
  SLOW_CHANGE_MS,
  SLOW_WORK_MS,
} from '../../../visualizations/inspector/src/fleet/attention.ts';
import { fleetRow } from './row.ts';

const now = 1_000_000;
const of = (over: Partial<FleetRow>) =>
  attentionOf(fleetRow('a', { since: now, lastActivityAt: now, ...over }), now);

describe('a session is slow', () => {
  it.each(['initializing', 'terminating'] as const)('when it is %s for more than five seconds', (status) => {
    expect(of({ status, since: now - SLOW_CHANGE_MS })).toBeUndefined();
    expect(of({ status, since: now - SLOW_CHANGE_MS - 1 })).toBe('slow');
  });

  it.each(['active', 'idle'] as const)(
    'when %s, at work, and silent for more than thirty seconds',
    (status) => {
      const work = { status, tasks: 1, since: 0 };
      expect(of({ ...work, lastActivityAt: now - SLOW_WORK_MS })).toBeUndefined();
      expect(of({ ...work, lastActivityAt: now - SLOW_WORK_MS - 1 })).toBe('slow');
      expect(of({ ...work, lastActivityAt: now - SLOW_WORK_MS - 1, since: now - 1000 })).toBeUndefined();
    },
  );

  it('neither without work, nor asleep, nor after its end', () => {
    const long = { lastActivityAt: 0, since: 0 };
    expect(of({ ...long, status: 'active', tasks: 0 })).toBeUndefined();
    expect(of({ ...long, status: 'initializing', asleep: true })).toBeUndefined();
    expect(of({ ...long, status: 'terminated', tasks: 1 })).toBeUndefined();
  });
});

describe('a session has crashed', () => {
  it('when it has an error, whether it is started again or not', () => {
    const error = { name: 'Error', message: 'out of paper' };
    expect(of({ status: 'active', error })).toBe('crashed');
    expect(of({ status: 'terminated', error })).toBe('crashed');
  });

  it.each(['crashed', 'init_failed'])('when it ends because of %s', (reason) => {
    expect(of({ status: 'terminated', reason })).toBe('crashed');
    expect(of({ status: 'terminating', reason })).toBe('crashed');
  });

  it.each(['normal', 'killed', 'idle', 'closed'])('not when it ends because of %s', (reason) => {
    expect(of({ status: 'terminated', reason })).toBeUndefined();
  });

  it('not when somebody has killed it with an error, unless it is there again', () => {
    const error = { name: 'Error', message: 'enough' };
    expect(of({ status: 'terminated', reason: 'killed', error })).toBeUndefined();
    expect(of({ status: 'active', error })).toBe('crashed');
  });

  it('before it is slow', () => {
    expect(of({ status: 'terminating', since: 0, reason: 'crashed' })).toBe('crashed');
  });
});
