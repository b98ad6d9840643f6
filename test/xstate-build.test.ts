import { expect, it } from 'vitest';
import { createActor, createMachine, fromTransition } from 'xstate';
import { managerMachine } from '../machines/index.ts';

it('runs on the build of XState that this run is about, and so do the charts', () => {
  const actor = createActor(fromTransition((count: number) => count + 1, 0)).start();
  const sendString = () => actor.send('not an event' as never);
  if (process.env.MODE === 'development')
    expect(sendString).toThrow('Only event objects may be sent to actors');
  else expect(sendString).not.toThrow();
  expect(managerMachine).toBeInstanceOf(createMachine({}).constructor);
});
