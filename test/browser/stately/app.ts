/** An XState app as anybody may have it, with the stock `@statelyai/inspect`. Bundled by `serve.ts` for a real page. */
import { createBrowserInspector, createWebSocketInspector } from '@statelyai/inspect';
import { assign, createActor, setup } from 'xstate';

const child = setup({}).createMachine({
  id: 'bulb',
  initial: 'cold',
  states: { cold: { on: { warm: 'hot' } }, hot: {} },
});

const lamp = setup({
  types: { context: {} as { presses: number }, events: {} as { type: 'press' } | { type: 'unscrew' } },
  actors: { child },
}).createMachine({
  id: 'lamp',
  context: { presses: 0 },
  initial: 'off',
  invoke: { id: 'bulb', src: 'child' },
  states: {
    off: {
      on: { press: { target: 'on', actions: assign({ presses: ({ context }) => context.presses + 1 }) } },
    },
    on: {
      entry: ({ self }) => self.getSnapshot().children.bulb?.send({ type: 'warm' }),
      on: { press: 'off', unscrew: 'gone' },
    },
    gone: { type: 'final' },
  },
});

const { searchParams } = new URL(location.href);
const target = searchParams.get('to') ?? '';

document.body.append(
  button('begin', () => {
    const inspector = target.startsWith('ws:')
      ? createWebSocketInspector({ url: target })
      : createBrowserInspector({ url: target });
    const actor = createActor(lamp, { inspect: inspector.inspect });
    actor.start();
    document.body.append(
      button('press', () => actor.send({ type: 'press' })),
      button('unscrew', () => actor.send({ type: 'unscrew' })),
    );
  }),
);

function button(name: string, onclick: () => void): HTMLButtonElement {
  return Object.assign(document.createElement('button'), { textContent: name, onclick });
}
