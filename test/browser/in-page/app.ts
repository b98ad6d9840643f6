/** A page with sessions of its own, and buttons that open the inspector for them. Bundled by `serve.ts`. */
import { engineOf } from '../../../src/engine-of.ts';
import { createSessionManager, isSessionError } from '../../../src/index.ts';
import { openInspector } from '../../../src/inspect/page/index.ts';
import { scriptedAgent } from '../../support/scripted-agent.ts';

const rooms = createSessionManager({ agent: scriptedAgent, logger: {} });

const { searchParams } = new URL(location.href);
const options = {
  allow: searchParams.getAll('allow') as ['kill'],
  redact: searchParams.getAll('redact'),
  ...(searchParams.has('nonce') && { nonce: searchParams.get('nonce') ?? '' }),
};

const inspectors: Awaited<ReturnType<typeof openInspector>>[] = [];

async function open(into?: HTMLElement): Promise<void> {
  try {
    const inspector = await openInspector(rooms, into ? { ...options, into } : options);
    inspectors.push(inspector);
    say('open');
    await inspector.closed;
    say('closed');
  } catch (error) {
    say(
      isSessionError(error) ? `${error.code} ${error.details?.reason ?? ''}: ${error.message}` : `${error}`,
    );
  }
}

const heading = Object.assign(document.createElement('h1'), { textContent: 'Rooms' });
const status = document.createElement('output');
const dock = Object.assign(document.createElement('section'), { ariaLabel: 'Dock' });
dock.style.blockSize = '640px';
const main = document.createElement('main');
main.append(
  heading,
  button('Inspect', () => open()),
  button('Inspect here', () => open(dock)),
  button('Close', () => inspectors.at(-1)?.close()),
  status,
  dock,
);
document.body.append(main);

// For tests, which do what an app would do, and look at what it pays.
Object.assign(globalThis, { rooms, watchers: () => engineOf(rooms).taps.size });

function say(words: string): void {
  status.append(Object.assign(document.createElement('p'), { textContent: words }));
}

function button(name: string, onclick: () => unknown): HTMLButtonElement {
  return Object.assign(document.createElement('button'), { textContent: name, onclick });
}
