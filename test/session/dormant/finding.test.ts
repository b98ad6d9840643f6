import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.ts';
import { codeOf, codeThrown } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { readingLease } from '../../support/lease.ts';
import { stateOf } from '../../support/turns.ts';
import { alive, asleep, call, newborn } from '../asleep.ts';

const closed = new SessionError('MANAGER_CLOSED', 'closed');
const torn = { records: alive('a').records.slice(1) };

describe('finding a session', () => {
  it('gives it, or nothing where there is none', async () => {
    const { dormant, registry } = await asleep({ a: alive('a') });
    expect(await dormant.find('b')).toBeUndefined();
    expect(await dormant.find('a')).toBe(registry.get('a'));
  });

  it('is refused when the store cannot say, or has one that cannot be read', async () => {
    const broken = await asleep({ a: alive('a') }, { load: () => Promise.reject(new Error('not now')) });
    expect(await codeOf(broken.dormant.find('a'))).toBe('STORE_FAILED');
    const { dormant } = await asleep({ a: torn });
    expect(await codeOf(dormant.find('a'))).toBe('STORE_CORRUPT');
  });
});

describe('whether a session is away', () => {
  it('is known at once of a store that answers at once', async () => {
    const { dormant } = await asleep({ a: alive('a') });
    expect([dormant.isAway('a'), dormant.isAway('b')]).toEqual([true, false]);
  });

  it('is known when a store that takes its time has answered', async () => {
    const { head } = readingLease({ a: alive('a') });
    const { dormant } = await asleep({ a: alive('a') }, { head: async (id) => head(id) });
    expect(await Promise.all(['a', 'b'].map((id) => dormant.isAway(id)))).toEqual([true, false]);
  });

  it('is not asked where it is clear: nobody is away, or it is in memory', async () => {
    const empty = await asleep({});
    const { dormant, registry, asked } = await asleep({ a: alive('a') });
    registry.add(newborn('b'));
    expect([empty.dormant.isAway('a'), dormant.isAway('b')]).toEqual([false, false]);
    expect([...empty.asked.heads, ...asked.heads]).toEqual([]);
  });

  it('is refused of one in quarantine', async () => {
    const { dormant, registry } = await asleep({ a: alive('a') });
    registry.quarantined.set('a', 'torn');
    expect(codeThrown(() => dormant.isAway('a'))).toBe('STORE_CORRUPT');
  });

  it('keeps nobody waiting once the manager closes', async () => {
    const never = gate<undefined>();
    const close = gate<never>();
    const untilClosed = <R>(run: () => Promise<R>) => Promise.race([run(), close.promise]);
    const { dormant } = await asleep({ a: alive('a') }, { head: () => never.promise, untilClosed });
    const away = call(() => dormant.isAway('a'));
    expect(await stateOf(away)).toBe('pending');
    close.fail(closed);
    expect(await codeOf(away)).toBe('MANAGER_CLOSED');
  });
});
