import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { notesOn } from '../../../src/testing/machine/notes.ts';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { planOf } from './subject.ts';

const ending = createMachine({ initial: 'a', states: { a: { on: { END: 'b' } }, b: { type: 'final' } } });
const delayed = createMachine({ initial: 'a', states: { a: { after: { 5: 'a' } } } });

const notes = (
  machine: AnyStateMachine,
  options: VerifyMachineOptions = {},
  ended = true,
  read: string[] = [],
) => {
  const plan = planOf(machine, options);
  const keys = new Map(read.map((type) => [type, new Set(['x'])]));
  return notesOn(plan, { ...plan.vocabulary, read: keys }, ended);
};

describe('the notes of a report', () => {
  it('are none where everything was asked and said', () => {
    expect(notes(ending, { terminate: ['END'] })).toEqual([]);
  });

  it('say that nobody asked for an end, and why', () => {
    expect(notes(ending)).toEqual([expect.stringMatching(/^Some run ended; name the events/)]);
    expect(notes(ending, {}, false)).toEqual([expect.stringMatching(/^No run reached a final state/)]);
    expect(notes(createMachine({ on: { A: {} } }))).toEqual([
      expect.stringMatching(/^It has no final state/),
    ]);
  });

  it('say what was done for delays, if it was', () => {
    expect(notes(delayed)).toContainEqual(expect.stringMatching(/armed again.*XState by itself loses them/));
    expect(notes(delayed, { restore: 'plain' }).join()).not.toContain('armed');
    expect(notes(delayed, { restore: false }).join()).not.toContain('armed');
  });

  it('name the events whose payloads were made up, if any of theirs was read', () => {
    expect(notes(ending, {}, true, ['END'])).toContainEqual(
      expect.stringMatching(/made up for END: say in `events`/),
    );
    expect(notes(ending, { events: { END: fc.record({}) } }, true, ['END']).join()).not.toContain('made up');
  });
});
