import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runModule } from './child-process.ts';

const xstate = pathToFileURL(createRequire(import.meta.url).resolve('xstate'));

/** Runs a scenario to the end of the process; `survived` is printed well after the fatal macrotask was due. */
const scenario = (body: string) =>
  runModule(`
    import { createActor, createMachine, emit, setup } from '${xstate}';
    const failing = createMachine({ on: { go: { actions: () => { throw new Error('from the action'); } } } });
    const healthy = createMachine({});
    ${body}
    console.log('sent');
    setTimeout(() => console.log('survived'), 20);
  `);

const dead = (message: string) => ({
  code: 1,
  stdout: 'sent\n',
  stderr: expect.stringContaining(`Error: ${message}`),
});
const alive = { code: 0, stdout: 'sent\nsurvived\n', stderr: '' };

describe.concurrent('what ends the Node process', () => {
  it('X10: a throwing subscriber does', async () => {
    const exit = await scenario(`
      const actor = createActor(healthy);
      actor.subscribe({ next: () => { throw new Error('from the subscriber'); }, error: () => {} });
      actor.start();
    `);
    expect(exit).toEqual(dead('from the subscriber'));
  });

  it('X10: an action error without an error observer does', async () => {
    const exit = await scenario(`createActor(failing).start().send({ type: 'go' });`);
    expect(exit).toEqual(dead('from the action'));
  });

  it('X10: an action error with only a next observer does', async () => {
    const exit = await scenario(`
      const actor = createActor(failing);
      actor.subscribe(() => {});
      actor.start().send({ type: 'go' });
    `);
    expect(exit).toEqual(dead('from the action'));
  });

  it('X10: one observer without an error handler does, even beside one that has it', async () => {
    const exit = await scenario(`
      const actor = createActor(failing);
      actor.subscribe({ error: () => {} });
      actor.subscribe(() => {});
      actor.start().send({ type: 'go' });
    `);
    expect(exit).toEqual(dead('from the action'));
  });

  it('X10: a throwing error observer does', async () => {
    const exit = await scenario(`
      const actor = createActor(failing);
      actor.subscribe({ error: () => { throw new Error('from the error observer'); } });
      actor.start().send({ type: 'go' });
    `);
    expect(exit).toEqual(dead('from the error observer'));
  });

  it('X10: a throwing listener of an emitted event does', async () => {
    const exit = await scenario(`
      const actor = createActor(createMachine({ on: { go: { actions: emit({ type: 'said' }) } } }));
      actor.on('said', () => { throw new Error('from the listener'); });
      actor.start().send({ type: 'go' });
    `);
    expect(exit).toEqual(dead('from the listener'));
  });

  it("X10: a next observer on a child does, though the child's parent handles its error", async () => {
    const exit = await scenario(`
      const parent = setup({ actors: { failing } }).createMachine({
        invoke: { src: 'failing', id: 'child' },
        on: { 'xstate.error.actor.*': {} },
      });
      const actor = createActor(parent).start();
      const { child } = actor.getSnapshot().children;
      child.subscribe(() => {});
      child.send({ type: 'go' });
    `);
    expect(exit).toEqual(dead('from the action'));
  });

  it('X10: an action error with an error observer does not', async () => {
    const exit = await scenario(`
      const actor = createActor(failing);
      actor.subscribe({ error: () => {} });
      actor.start().send({ type: 'go' });
    `);
    expect(exit).toEqual(alive);
  });

  it("X10: a child's error without observers, handled by its parent, does not", async () => {
    const exit = await scenario(`
      const parent = setup({ actors: { failing } }).createMachine({
        invoke: { src: 'failing', id: 'child' },
        on: { 'xstate.error.actor.*': {} },
      });
      createActor(parent).start().getSnapshot().children.child.send({ type: 'go' });
    `);
    expect(exit).toEqual(alive);
  });
});
