import { describe, expect, it } from 'vitest';
import { createMachine, fromPromise, sendParent, setup } from 'xstate';
import { Recording, recordRun } from '../../../src/testing/machine/record.ts';
import { runOf, save, subjectOf } from './subject.ts';

const child = createMachine({
  id: 'child',
  initial: 'a',
  states: { a: { after: { 5: 'b' } }, b: { entry: sendParent({ type: 'GREW' }) } },
});
const machine = setup({ actors: { child, load: fromPromise(async () => 1) } }).createMachine({
  id: 'm',
  initial: 'idle',
  states: {
    idle: { on: { GO: 'busy' } },
    busy: {
      invoke: [
        { src: 'child', id: 'kid' },
        { src: 'load', id: 'load' },
      ],
      on: { GREW: 'grown' },
    },
    grown: {},
  },
});
const subject = subjectOf(machine, { actors: { load: {} } });

describe('a recording', () => {
  it('has what came of each step, of children too, by names that two runs have in common', () => {
    const { entries, steps } = recordRun(subject, runOf('GO', { do: 'wait', ms: 'next' }));
    expect(steps).toEqual([
      { words: 'start', atMs: 0 },
      { words: 'GO', atMs: 0 },
      { words: 'clock + 5 ms', atMs: 0 },
    ]);
    const told = entries.map((entry) =>
      entry.kind === 'snapshot'
        ? `${entry.step} ${entry.actor} (${entry.definition}) is ${entry.value}, ${entry.status}`
        : `${entry.step} ${entry.kind === 'sent' ? entry.event.type : ''} at ${entry.atMs}`,
    );
    expect(told).toEqual([
      '0 m (m) is idle, active',
      '1 GO at 0',
      '1 m/kid (child) is a, active',
      '1 m (m) is busy, active',
      '2 xstate.after.5.child.a at 5',
      '2 GREW at 5',
      '2 m (m) is grown, active',
      '2 m/kid (child) is b, active',
      '2 m/kid (child) is b, stopped',
    ]);
    expect(recordRun(subject, runOf('GO', 5)).entries).toEqual(entries);
  });

  it('has a new snapshot after a restore', () => {
    const { entries } = recordRun(subject, runOf('GO', save));
    expect(entries.filter(({ step }) => step === 2).map(({ kind }) => kind)).toEqual([
      'snapshot',
      'snapshot',
    ]);
  });

  it('goes one step at a time, and gives the run as it went', () => {
    const recording = new Recording(subject, runOf('GO', { do: 'wait', ms: 'next' }));
    expect(recording.advance().entries).toHaveLength(1);
    expect(recording.isComplete).toBe(false);
    recording.advance();
    expect(recording.advance().step.words).toBe('clock + 5 ms');
    expect(recording.isComplete).toBe(true);
    expect(recording.done).toEqual(runOf('GO', 5).steps);
  });

  it('is complete where the machine breaks', () => {
    const failing = createMachine({ id: 'f', on: { FAIL: { actions: ({ event }) => event.no.thing } } });
    const recording = recordRun(subjectOf(failing), runOf('FAIL', 'FAIL'));
    expect(recording.steps).toHaveLength(2);
  });
});
