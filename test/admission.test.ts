import { describe, expect, it } from 'vitest';
import { Admission, closedError } from '../src/admission.ts';
import { codeOf, codeThrown, strays } from './support/errors.ts';
import { gate } from './support/gate.ts';
import { stateOf, turns } from './support/turns.ts';

const broken = () => new Error('the store is on fire');

/** An admission whose calls leave their name when they run. */
function setUp() {
  const admission = new Admission();
  const ran: string[] = [];
  const call = (name: string) =>
    admission.enter(() => {
      ran.push(name);
      return name;
    });
  return { admission, ran, call };
}

describe('before it is open', () => {
  it('calls wait, and are counted', async () => {
    const { admission, ran, call } = setUp();
    const [first] = [call('first'), call('second')];
    expect(await stateOf(first)).toBe('pending');
    expect([ran, admission.pending]).toEqual([[], 2]);
    expect(() => admission.check()).not.toThrow();
  });

  it('refusing rejects those that wait and those that come, each with an error of its own', async () => {
    const { admission, ran, call } = setUp();
    const early = [call('first'), call('second')];
    admission.refuse(broken);
    const errors = await Promise.all([...early, call('late')].map((each) => each.catch((error) => error)));
    expect(errors).toEqual([broken(), broken(), broken()]);
    expect(new Set(errors).size).toBe(3);
    expect([ran, admission.pending]).toEqual([[], 0]);
  });
});

describe('a check of its own', () => {
  const tooMany = () => {
    throw broken();
  };

  it('refuses a call at once, whether it would wait or run', async () => {
    const { admission, ran } = setUp();
    const call = () => void ran.push('ran');
    await expect(admission.enter(call, tooMany)).rejects.toEqual(broken());
    expect(admission.pending).toBe(0);
    admission.open();
    await expect(admission.enter(call, tooMany)).rejects.toEqual(broken());
    expect(ran).toEqual([]);
  });

  it('is asked when the call comes, not when it starts', async () => {
    const admission = new Admission();
    let asked = 0;
    const call = admission.enter(
      () => asked,
      () => {
        asked += 1;
      },
    );
    expect(asked).toBe(1);
    admission.open();
    expect(await call).toBe(1);
  });

  it('comes after the refusal of all calls', async () => {
    const { admission } = setUp();
    admission.refuse(closedError);
    expect(await codeOf(admission.enter(() => {}, tooMany))).toBe('MANAGER_CLOSED');
  });
});

describe('opening', () => {
  it('starts what waited, in call order, before what comes', async () => {
    const { admission, ran, call } = setUp();
    const waiting = [call('first'), call('second')];
    admission.open();
    const later = call('third');
    expect(ran).toEqual(['first', 'second', 'third']);
    expect(await Promise.all([...waiting, later])).toEqual(['first', 'second', 'third']);
    expect(admission.pending).toBe(0);
  });

  it('lets each call settle as it will', async () => {
    const admission = new Admission();
    const { promise, open } = gate<string>();
    const slow = admission.enter(() => promise);
    const thrown = admission.enter(() => {
      throw broken();
    });
    const rejected = admission.enter(() => Promise.reject(broken()));
    admission.open();
    await expect(thrown).rejects.toEqual(broken());
    await expect(rejected).rejects.toEqual(broken());
    expect(await stateOf(slow)).toBe('pending');
    open('done');
    expect(await slow).toBe('done');
  });

  it('queues what a call asks for meanwhile behind those that waited', () => {
    const { admission, ran, call } = setUp();
    admission.enter(() => {
      ran.push('outer');
      call('inner');
    });
    call('next');
    admission.open();
    expect(ran).toEqual(['outer', 'next', 'inner']);
  });

  it('twice starts nothing twice', () => {
    const { admission, ran, call } = setUp();
    call('once');
    admission.open();
    admission.open();
    expect(ran).toEqual(['once']);
  });

  it('after a refusal changes nothing', async () => {
    const { admission, ran, call } = setUp();
    admission.refuse(closedError);
    admission.open();
    expect(await codeOf(call('x'))).toBe('MANAGER_CLOSED');
    expect(ran).toEqual([]);
  });

  it('refuses the rest of those that waited when one of them closes', async () => {
    const { admission, ran, call } = setUp();
    admission.enter(() => admission.refuse(closedError));
    const next = call('next');
    admission.open();
    expect(await codeOf(next)).toBe('MANAGER_CLOSED');
    expect(ran).toEqual([]);
  });
});

describe('once it is open', () => {
  it('a call runs at once, and a throw of it becomes a rejection', async () => {
    const { admission, ran, call } = setUp();
    admission.open();
    call('x');
    expect(ran).toEqual(['x']);
    const thrown = admission.enter(() => {
      throw broken();
    });
    await expect(thrown).rejects.toEqual(broken());
  });

  it('refusing throws from check, and the newest refusal stands', async () => {
    const { admission, call } = setUp();
    admission.open();
    admission.refuse(broken);
    expect(() => admission.check()).toThrow(broken());
    admission.refuse(closedError);
    expect(codeThrown(() => admission.check())).toBe('MANAGER_CLOSED');
    expect(await codeOf(call('x'))).toBe('MANAGER_CLOSED');
  });

  it('refusing lets calls in flight go on', async () => {
    const { admission } = setUp();
    const { promise, open } = gate<string>();
    admission.open();
    const call = admission.enter(() => promise);
    admission.refuse(closedError);
    open('done');
    expect(await call).toBe('done');
  });
});

describe('a slow call', () => {
  const count = (admission: Admission) => {
    let abandoned = 0;
    admission.abandon(() => {
      abandoned += 1;
      return closedError();
    });
    return abandoned;
  };

  it('waits for its turn like any other, and settles as it will', async () => {
    const admission = new Admission();
    const good = admission.enterSlow(async () => 'done');
    const bad = admission.enterSlow(() => Promise.reject(broken()));
    expect(admission.pending).toBe(2);
    admission.open();
    expect(await good).toBe('done');
    await expect(bad).rejects.toEqual(broken());
  });

  it('that is abandoned rejects at once; what it comes to later is nobody’s business', async () => {
    const admission = new Admission();
    admission.open();
    const [good, bad] = [gate<string>(), gate<string>()];
    const stray = await strays(async () => {
      const calls = [admission.enterSlow(() => good.promise), admission.enterSlow(() => bad.promise)];
      expect(count(admission)).toBe(2);
      expect(await Promise.all(calls.map(codeOf))).toEqual(['MANAGER_CLOSED', 'MANAGER_CLOSED']);
      good.open('late');
      bad.fail(broken());
      await turns();
    });
    expect(stray).toEqual([]);
    expect(count(admission)).toBe(0);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['resolved', async () => 'done'],
    ['rejected', () => Promise.reject(broken())],
    [
      'thrown',
      () => {
        throw broken();
      },
    ],
  ])('that has %s is held no longer', async (_how, call) => {
    const admission = new Admission();
    admission.open();
    await admission.enterSlow(call).catch(() => {});
    await turns();
    expect(count(admission)).toBe(0);
  });
});

it('closedError says how to go on', () => {
  expect(closedError()).toMatchObject({
    code: 'MANAGER_CLOSED',
    message: 'This manager is closed; create a new one on the same store to go on.',
  });
});

it('those who waited are let in before whoever calls while they are', async () => {
  const admission = new Admission();
  const order: string[] = [];
  const calls = [
    admission.enter(() => {
      order.push('first');
      void admission.enter(() => void order.push('from within the first'));
    }),
    admission.enter(() => void order.push('second')),
  ];
  admission.open();
  await Promise.all(calls);
  expect(order).toEqual(['first', 'second', 'from within the first']);
});

it('one of those who waited may refuse the others', async () => {
  const admission = new Admission();
  const calls = [
    admission.enter(() => admission.refuse(closedError)),
    admission.enter(() => 'let in').catch(({ code }) => code),
  ];
  admission.open();
  expect(await Promise.all(calls)).toEqual([undefined, 'MANAGER_CLOSED']);
});

describe('held', () => {
  it('calls wait, though it was open, until all that they are held for is over; then they go in order', async () => {
    const { admission, ran, call } = setUp();
    admission.open();
    await call('before');
    const [first, second] = [gate(), gate()];
    admission.hold(first.promise);
    const calls = [call('one')];
    admission.hold(second.promise);
    calls.push(call('two'));
    expect([ran, admission.pending]).toEqual([['before'], 2]);
    first.open();
    await turns();
    expect(ran).toEqual(['before']);
    second.open();
    expect(await Promise.all(calls)).toEqual(['one', 'two']);
    await call('after');
    expect([ran, admission.pending]).toEqual([['before', 'one', 'two', 'after'], 0]);
  });

  it('before it is open, they wait for both', async () => {
    const { admission, ran, call } = setUp();
    const held = gate();
    admission.hold(held.promise);
    const waiting = call('one');
    held.open();
    await turns();
    expect(ran).toEqual([]);
    admission.open();
    await waiting;
    const other = setUp();
    const later = gate();
    other.admission.hold(later.promise);
    const still = other.call('one');
    other.admission.open();
    expect(other.ran).toEqual([]);
    later.open();
    expect(await still).toBe('one');
  });

  it('by a call that waited, those behind it that had waited go, and those that come wait', async () => {
    const { admission, ran, call } = setUp();
    const held = gate();
    const late: Promise<string>[] = [];
    const first = admission.enter(() => {
      admission.hold(held.promise);
      late.push(call('late'));
    });
    const second = call('second');
    admission.open();
    await Promise.all([first, second]);
    expect(ran).toEqual(['second']);
    held.open();
    await Promise.all(late);
    expect(ran).toEqual(['second', 'late']);
  });

  it('it stays closed once it is', async () => {
    const { admission, call } = setUp();
    admission.open();
    const held = gate();
    admission.hold(held.promise);
    const waiting = codeOf(call('one'));
    admission.refuse(closedError);
    held.open();
    expect([await waiting, await codeOf(call('two'))]).toEqual(['MANAGER_CLOSED', 'MANAGER_CLOSED']);
  });
});
