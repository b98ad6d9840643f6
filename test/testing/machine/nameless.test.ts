import { describe, expect, it } from 'vitest';
import { createMachine, setup } from 'xstate';
import { judge } from '../../../src/testing/machine/judge.ts';
import { namer } from '../../../src/testing/machine/nameless.ts';
import { recordRun } from '../../../src/testing/machine/record.ts';
import { runOf, save, subjectOf } from './subject.ts';

describe('actors without an id', () => {
  it('are numbered as they come up, alike wherever they stand', () => {
    const name = namer();
    expect(name('{"x:41":{"to":"x:7"},"xstate.done.actor.x:41":"a/x:7","max:3":"x:y"}')).toBe(
      '{"x:0":{"to":"x:1"},"xstate.done.actor.x:0":"a/x:1","max:3":"x:y"}',
    );
    expect(name('["x:7","x:9"]')).toBe('["x:1","x:2"]');
    expect(namer()('["x:7"]')).toBe('["x:0"]');
  });

  const child = createMachine({
    id: 'child',
    initial: 'a',
    states: { a: { after: { 10: 'b' } }, b: { type: 'final' } },
  });
  const parent = setup({ types: { context: {} as { refs: unknown[] } }, actors: { child } }).createMachine({
    id: 'parent',
    context: ({ spawn, self }) => ({ refs: [spawn('child'), self.id] }),
    on: { MORE: { actions: ({ context }) => context.refs.length } },
  });

  it('make no run unlike another one', () => {
    const subject = subjectOf(parent);
    expect(judge(subject, runOf('MORE', save, 10, 'MORE', save))).toBeUndefined();
    const run = runOf('MORE', 10);
    expect(recordRun(subject, run).entries).toEqual(recordRun(subject, run).entries);
  });
});
