import { describe, expect, it } from 'vitest';
import { createMachine, fromPromise, setup } from 'xstate';
import { compile, sessionMachine } from '../../machines/index.ts';
import { Definitions } from '../../src/inspect/definitions.ts';
import { definitionOf } from '../../src/testing/definition.ts';

const lamp = (state = 'off') => createMachine({ id: 'lamp', initial: state, states: { [state]: {} } });

describe('the definitions', () => {
  it('are called by the id of their machine', () => {
    const definitions = new Definitions();
    const machine = lamp();
    expect(definitions.nameOf(machine)).toBe('lamp');
    expect(definitions.all()).toEqual({ lamp: definitionOf(machine) });
    expect(definitions.get('lamp')).toBe(definitions.all().lamp);
  });

  it('are told apart where two machines have one id', () => {
    const definitions = new Definitions();
    const machines = [lamp(), lamp('dark'), lamp('dim')];
    expect(machines.map((machine) => definitions.nameOf(machine))).toEqual(['lamp', 'lamp (2)', 'lamp (3)']);
    expect(definitions.nameOf(machines[1])).toBe('lamp (2)');
  });

  it('are one for a machine that is made anew each time, or bound to something else', () => {
    const definitions = new Definitions();
    const machine = setup({ actions: { act: () => {} } }).createMachine({ id: 'm', entry: 'act' });
    expect(definitions.nameOf(machine)).toBe('m');
    expect(definitions.nameOf(machine.provide({ actions: { act: () => {} } }))).toBe('m');
    expect([lamp(), lamp()].map((each) => definitions.nameOf(each))).toEqual(['lamp', 'lamp']);
    expect(Object.keys(definitions.all())).toEqual(['m', 'lamp']);
  });

  it('know a compiled chart as its machine', () => {
    const definitions = new Definitions();
    expect(definitions.nameOf(compile(sessionMachine))).toBe('session');
    expect(definitions.nameOf(sessionMachine)).toBe('session');
    expect(definitions.all().session).toEqual(definitionOf(sessionMachine));
  });

  it('begin with those of the engine, which keep their names', () => {
    const definitions = Definitions.of(createMachine({ id: 'session' }));
    expect(Object.keys(definitions.all())).toEqual(['manager', 'session', 'session (2)']);
  });

  it('are none of what is no machine', () => {
    const definitions = new Definitions();
    const strangers = [fromPromise(async () => {}), undefined, null, 'machine', {}];
    for (const logic of strangers) expect(definitions.nameOf(logic)).toBeUndefined();
    expect(definitions.all()).toEqual({});
  });

  it('are the same object until one is added, and take any name', () => {
    const definitions = new Definitions();
    const before = definitions.all();
    expect(definitions.all()).toBe(before);
    definitions.nameOf(createMachine({ id: '__proto__' }));
    expect(Object.keys(definitions.all())).toEqual(['__proto__']);
  });

  it('are bounded in number', () => {
    const definitions = new Definitions();
    for (let n = 0; n < 300; n += 1) definitions.nameOf(createMachine({ id: `m${n}` }));
    expect(Object.keys(definitions.all())).toHaveLength(256);
    expect(definitions.nameOf(createMachine({ id: 'late' }))).toBe('late');
  });
});
