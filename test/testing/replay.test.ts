import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { createSessionManager } from '../../src/index.ts';
import {
  replay,
  type TestEnv,
  type Trace,
  VerificationError,
  verifyClient,
  verifyMachine,
} from '../../src/testing/index.ts';
import { brokenClients } from './client/broken-clients.ts';

const manager = ({ options }: TestEnv) => createSessionManager(options);
const broken = brokenClients.find(({ what }) => what.startsWith('sends what is meant'))?.create ?? manager;

async function traceOf(running: Promise<unknown>): Promise<Trace> {
  const error: unknown = await running.then(
    () => undefined,
    (reason) => reason,
  );
  if (error instanceof VerificationError) return error.trace;
  throw error ?? new Error('nothing failed');
}

const clientTrace = () => traceOf(verifyClient(broken, { seed: 1, traceFolder: false }));

const counterOf = (most: number) =>
  setup({ types: { context: {} as { count: number } } }).createMachine({
    id: 'counter',
    context: { count: 0 },
    on: { more: { actions: assign({ count: ({ context }) => Math.min(most, context.count + 1) }) } },
  });
const machineOptions = {
  seed: 1,
  invariants: { 'at most two': ({ context }: { context: { count: number } }) => context.count <= 2 },
};
const machineTrace = () => traceOf(verifyMachine(counterOf(9), machineOptions));

describe('a client’s trace', () => {
  it('breaks the same again, entry by entry', async () => {
    const trace = await clientTrace();
    const result = await replay(trace, { client: broken });
    expect(result).toMatchObject({ reproduced: true, invariant: trace.failure?.invariant });
    expect(result.message).toBe(trace.failure?.message);
    expect(result.differs).toBeUndefined();
    expect(result.entries).toEqual(trace.entries);
  });

  it('is run on a manager of this chartroom when nobody says on what, and says where that goes another way', async () => {
    const result = await replay(await clientTrace());
    expect(result).toMatchObject({ reproduced: false });
    expect(result.invariant).toBeUndefined();
    expect(result.differs).toMatch(/^after "[^"]+" \S+ was .* in the trace and is .* now$/);
  });

  it('goes step by step, and waits for whoever looks', async () => {
    const trace = await clientTrace();
    const seen: string[] = [];
    let entries = 0;
    await replay(trace, {
      onStep: async ({ words }, came) => {
        seen.push(`${words} begins`);
        entries += came.length;
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`${words} is over`);
      },
    });
    const asked = trace.steps.map(({ words }) => words);
    expect(seen.slice(0, asked.length * 2)).toEqual(
      asked.flatMap((words) => [`${words} begins`, `${words} is over`]),
    );
    expect(entries).toBeGreaterThan(0);
  });

  it('wants the options that its verification had', async () => {
    const invariants = {
      'nobody is here': ({ sessions }: { sessions: readonly unknown[] }) => sessions.length === 0,
    };
    const trace = await traceOf(verifyClient(manager, { seed: 1, traceFolder: false, invariants }));
    expect(await replay(trace, { clientOptions: { invariants } })).toMatchObject({
      reproduced: true,
      invariant: 'nobody is here',
    });
    expect((await replay(trace)).reproduced).toBe(false);
  });

  it('whose run was cut short is refused', async () => {
    const trace = { ...(await clientTrace()), run: { schedule: 1 } };
    await expect(replay(trace)).rejects.toThrow(/The run of this trace is no run of a client/);
  });
});

describe('a machine’s trace', () => {
  it('breaks the same again, and no more when the machine is mended', async () => {
    const trace = await machineTrace();
    expect(await replay(trace, { machine: counterOf(9), machineOptions })).toMatchObject({
      reproduced: true,
      invariant: 'at most two',
    });
    const mended = await replay(trace, { machine: counterOf(2), machineOptions });
    expect(mended).toMatchObject({ reproduced: false, differs: expect.any(String) });
    expect(mended.invariant).toBeUndefined();
  });

  it('goes step by step', async () => {
    const trace = await machineTrace();
    const seen: string[] = [];
    await replay(trace, { machine: counterOf(9), machineOptions, onStep: ({ words }) => seen.push(words) });
    expect(seen).toEqual(trace.steps.map(({ words }) => words));
  });

  it('wants its machine', async () => {
    await expect(replay(await machineTrace())).rejects.toThrow(
      'This trace is of the machine "counter", and holds no code: replay(trace, { machine }) wants the machine.',
    );
  });
});

it('what is no trace is refused', async () => {
  await expect(replay({} as Trace)).rejects.toThrow(/^Not a trace/);
});
