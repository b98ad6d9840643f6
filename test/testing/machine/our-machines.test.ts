import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { managerMachine, sessionMachine } from '../../../machines/index.ts';
import { librarian, searchFiles } from '../../../src/agents/librarian.ts';
import { verifyMachine } from '../../../src/testing/machine/verify-machine.ts';

const failure = fc.constant(new Error('it failed'));

describe('our own machines', () => {
  it('a session passes with either answer to whether it is quiet', async () => {
    const options = {
      seed: 1,
      input: fc.record({ id: fc.string() }),
      actors: { agent: { output: fc.constant(undefined), error: failure } },
      terminate: ['session.terminating', 'session.terminated'],
    };
    const quiet = await verifyMachine(sessionMachine, options);
    // The guard is provided by the engine; as the chart has it, it always holds.
    expect(quiet.neverTaken).toEqual(['running on deadline.inactivity']);
    const busy = await verifyMachine(sessionMachine.provide({ guards: { quiet: () => false } }), options);
    expect(busy.neverTaken).toEqual(['running on deadline.inactivity if quiet']);
  });

  it('a manager passes', async () => {
    const report = await verifyMachine(managerMachine, {
      seed: 1,
      events: {
        'session.failed': fc.record({ id: fc.string(), error: failure }),
        'session.escalated': fc.record({ id: fc.string(), error: failure }),
      },
      actors: {
        supervisor: { error: failure },
        recover: { output: fc.constant(undefined), error: failure },
        shutDown: { output: fc.constant(undefined), error: failure },
      },
      terminate: ['manager.close'],
    });
    expect(report.neverTaken).toEqual([]);
  });

  it('the librarian passes, and never ends, as an agent is not meant to', async () => {
    const files = [
      { path: 'a.ts', content: 'export const tea = 1;\nbrew(tea);' },
      { path: 'b.ts', content: 'drink(tea);' },
    ];
    const findings = fc
      .tuple(fc.constantFrom('tea', 'brew', 'coffee', 'is it?'), fc.subarray(files), fc.nat(2))
      .map(([question, held, filesMissing]) => ({ ...searchFiles(held, question), filesMissing }));
    const turnId = fc.constantFrom('turn-1', 'mine', '');
    const report = await verifyMachine(librarian, {
      seed: 1,
      // Handles are no data: a session brings them back beside the snapshot.
      input: fc.boolean().map((aborted) => ({ session: {}, signal: { aborted } })),
      events: {
        ask: fc.record(
          { question: fc.oneof(fc.string({ maxLength: 5 }), fc.constant(7)), turnId },
          { requiredKeys: ['question'] },
        ),
        cancel: fc.record({ turnId }, { requiredKeys: [] }),
      },
      actors: {
        search: { output: findings, error: failure },
        pause: { output: fc.constant(undefined), error: failure },
        record: { output: fc.record({ messageId: fc.constant('m-1') }), error: failure },
      },
      invariants: {
        'it tells no more pieces than it has': ({ context }) => context.told <= context.pieces.length,
        'every turn has a name of its own': ({ context }) => context.queue.length <= context.asked,
      },
    });
    expect(report.neverTaken).toEqual([]);
    expect(report.notes?.[0]).toMatch(/no final state/);
  });
});
