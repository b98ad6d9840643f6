import { describe, expect, it } from 'vitest';
import { runModule } from './child-process.ts';

const development = ['--conditions=development'];

const outcome = (body: string) => `
  import { createActor, createMachine, fromCallback, setup, spawnChild } from 'xstate';
  try {
    console.log(JSON.stringify((() => { ${body} })()));
  } catch (error) {
    console.log(error.message);
  }
`;

describe.concurrent('what only the development export condition says', () => {
  const persistInline = outcome(`
    const machine = createMachine({ entry: spawnChild(fromCallback(() => {}), { id: 'inline' }) });
    return createActor(machine).start().getPersistedSnapshot().children.inline;
  `);

  it('X16: persisting an inline child actor throws under development', async () => {
    const { stdout } = await runModule(persistInline, development);
    expect(stdout).toBe('An inline child actor cannot be persisted.\n');
  });

  it('X16: persisting an inline child actor yields an unusable source without it', async () => {
    const { stdout } = await runModule(persistInline);
    expect(JSON.parse(stdout)).toEqual({ snapshot: { status: 'active' }, src: {}, syncSnapshot: false });
  });

  const sendString = outcome(`
    const actor = createActor(createMachine({}));
    actor.subscribe({ error: () => {} });
    actor.start().send('text');
    return actor.getSnapshot().status;
  `);

  it('X16: sending a string throws at the sender under development', async () => {
    const { stdout } = await runModule(sendString, development);
    expect(stdout).toBe('Only event objects may be sent to actors; use .send({ type: "text" }) instead\n');
  });

  it('X16: sending a string puts the actor in error without it', async () => {
    const { stdout } = await runModule(sendString);
    expect(stdout).toBe('"error"\n');
  });

  const sendWildcard = outcome(`
    const actor = createActor(createMachine({}));
    actor.subscribe({ error: () => {} });
    actor.start().send({ type: '*' });
    return actor.getSnapshot().status;
  `);

  it.each([
    ['puts the actor in error under development', development, '"error"\n'],
    ['is an event like any other without it', [], '"active"\n'],
  ])("X16: an event of type '*' %s", async (_, flags, expected) => {
    expect((await runModule(sendWildcard, flags)).stdout).toBe(expected);
  });

  const sendToStopped = outcome(`
    const actor = createActor(createMachine({})).start();
    actor.stop();
    actor.send({ type: 'late' });
    return actor.getSnapshot().status;
  `);

  it.each([
    ['warns on the console under development', development, 'was sent to stopped actor'],
    ['is silent without it', [], ''],
  ])('X16: an event for a stopped actor %s', async (_, flags, warning) => {
    const { stdout, stderr } = await runModule(sendToStopped, flags);
    expect(stdout).toBe('"stopped"\n');
    if (warning === '') expect(stderr).toBe('');
    else expect(stderr).toContain(warning);
  });
});
