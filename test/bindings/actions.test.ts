import { expect, it, onTestFinished } from 'vitest';
import { actionsOf } from '../../src/bindings/index.ts';
import { createSessionManager } from '../../src/index.ts';
import { codeOf, strays } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';
import { look } from '../support/watching.ts';

function open(initialize?: () => Promise<void>) {
  const manager = createSessionManager(initialize && { hooks: { initialize } });
  onTestFinished(() => manager.close());
  return manager;
}

it('tell how the latest call is doing, at once', async () => {
  const started = gate();
  const manager = open(() => started.promise);
  const { calls, state } = actionsOf(manager);
  const seen = look(state);
  const creating = calls.create({ id: 'ada' });
  expect(seen.now).toEqual({ pending: true, error: undefined, action: 'create' });
  started.open();
  expect((await creating).id).toBe('ada');
  expect(seen.now).toEqual({ pending: false, error: undefined, action: 'create' });
  expect(seen.views).toHaveLength(3);
});

it('keep an error until the next call, and hear no call but the latest', async () => {
  const started = gate();
  const manager = open(() => started.promise);
  const creating = manager.createSession({ id: 'ada' });
  const { calls, state } = actionsOf(manager, 'ada');
  const slow = calls.send('user', 'hello');
  expect(await codeOf(calls.send('robot' as 'user', 'hello'))).toBe('INVALID_ARGUMENT');
  expect(state.get()).toMatchObject({ pending: false, error: { code: 'INVALID_ARGUMENT' } });
  const failed = state.get();
  started.open();
  await Promise.all([slow, creating]);
  expect(state.get()).toBe(failed);
  await calls.put('k', 1);
  expect(state.get()).toMatchObject({ pending: false, error: undefined, action: 'put' });
});

it('leave no rejection unhandled, and take what is thrown at once as one', async () => {
  const stray = await strays(async () => {
    const manager = open();
    const { calls, state } = actionsOf(manager, '../ada');
    void calls.kill();
    await turns();
    expect(state.get().error?.code).toBe('INVALID_SESSION_ID');
  });
  expect(stray).toEqual([]);
});

it('are told to nobody who has left', async () => {
  const { calls, state } = actionsOf(open(), 'ada');
  const seen = look(state);
  seen.stop();
  await codeOf(calls.terminate());
  expect(seen.views).toHaveLength(1);
});

it('do what they are called', async () => {
  const manager = open();
  const { calls } = actionsOf(manager, 'ada');
  expect((await calls.getOrCreate('ada')).created).toBe(true);
  const { context } = manager.session('ada');
  await calls.send('user', 'hello');
  await calls.addFile('a.ts');
  await calls.updateFileIndex('a.ts', { lines: 1 });
  await calls.put('k', 1);
  expect(await context.build(['conversation', 'files', 'fileIndex', 'workingContext'])).toMatchObject({
    conversation: [{ content: 'hello' }],
    files: [{ path: 'a.ts' }],
    fileIndex: { 'a.ts': { lines: 1 } },
    workingContext: { k: 1 },
  });
  expect(await calls.save()).toMatchObject({ id: 'ada', messageCount: 1 });
  await calls.clearConversation();
  await calls.removeFile('a.ts');
  await calls.delete('k');
  expect(await context.build(['conversation', 'files', 'workingContext'])).toMatchObject({
    conversation: [],
    files: [],
    workingContext: {},
  });
  expect(await codeOf(calls.dispatch({ type: 'x' } as never))).toBe('INVALID_TRANSITION');
  await calls.terminate();
  expect((await calls.restore('ada')).id).toBe('ada');
  await calls.kill('enough');
  await calls.deleteSaved('ada');
  expect(await manager.listSavedSessions()).toEqual([]);
  expect(await manager.listSessions()).toEqual([]);
});

it('tell of the latest call even when it was made by who was told of another', async () => {
  const manager = open();
  await manager.createSession({ id: 'ada' });
  const { calls, state } = actionsOf(manager, 'ada');
  const made: Promise<unknown>[] = [];
  const stop = state.subscribe(() => {
    stop();
    made.push(calls.put('k', 1));
  });
  await calls.send('robot' as 'user', 'hello').catch(() => {});
  await Promise.all(made);
  expect(state.get()).toEqual({ pending: false, error: undefined, action: 'put' });
});
