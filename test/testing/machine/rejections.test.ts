import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { replayMachine } from '../../../src/testing/machine/replay.ts';
import { verifyMachine } from '../../../src/testing/machine/verify-machine.ts';
import { VerificationError } from '../../../src/testing/report.ts';

const failing = (when: (tries: number) => boolean) => {
  let tries = 0;
  return createMachine({
    id: 'mailer',
    initial: 'idle',
    states: {
      idle: { on: { OPEN: 'open', WAIT: {} } },
      open: {
        on: {
          CLOSE: 'idle',
          SEND: {
            actions: async () => {
              tries += 1;
              const fails = when(tries);
              await null;
              if (fails) throw new Error('no network');
            },
          },
        },
      },
    },
  });
};

async function failureOf(machine: ReturnType<typeof failing>): Promise<VerificationError> {
  const error: unknown = await verifyMachine(machine, { seed: 1, traceFolder: false }).catch(
    (reason) => reason,
  );
  if (error instanceof VerificationError) return error;
  throw new Error(`nothing failed: ${JSON.stringify(error)}`);
}

const listeners = () => process.listenerCount('unhandledRejection');

describe('a promise that an action leaves behind', () => {
  it('and that is rejected breaks the smallest run that brings it about', async () => {
    const before = listeners();
    const { message, steps, cause } = await failureOf(failing(() => true));
    expect(steps).toEqual(['start', 'OPEN', 'SEND']);
    expect(message).toContain('SEND: an action left a promise behind that was rejected: Error: no network');
    expect(cause).toMatchObject({ message: 'no network' });
    expect(listeners()).toBe(before);
  });

  it('does so again when its trace is replayed, as long as it is not mended', async () => {
    const { trace } = await failureOf(failing(() => true));
    const again = await replayMachine(
      trace,
      failing(() => true),
    );
    expect(again).toMatchObject({ reproduced: true, message: expect.stringContaining('no network') });
    expect(
      await replayMachine(
        trace,
        failing(() => false),
      ),
    ).toMatchObject({ reproduced: false });
  });

  it('and that is rejected only once is told all the same', async () => {
    const { message } = await failureOf(failing((tries) => tries === 1));
    expect(message).toContain('a promise was rejected that nobody handles, and not again');
  });

  it('and that is kept breaks nothing', async () => {
    const before = listeners();
    await verifyMachine(
      failing(() => false),
      { seed: 1, runs: 20 },
    );
    expect(listeners()).toBe(before);
  });
});
