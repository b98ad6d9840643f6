import { afterEach, describe, expect, it } from 'vitest';
import { engineOf } from '../../../src/engine-of.ts';
import { createSessionManager } from '../../../src/index.ts';
import { resolvePageOptions } from '../../../src/inspect/page/page-options.ts';
import type { Place } from '../../../src/inspect/page/place.ts';
import { showInspector } from '../../../src/inspect/page/show-inspector.ts';
import { PROTOCOL } from '../../../src/inspect/protocol.ts';
import { testClock } from '../../support/clock.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { stateOf, turns, until } from '../../support/turns.ts';

const template = '<meta content="%TOKEN%" /><style nonce="%NONCE%"></style><script nonce="%NONCE%"></script>';
const app = async () => ({
  html: template,
  scriptSource: "'sha256-script'",
  styleSource: "'sha256-style'",
  version: '1.2.3',
});

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A place where nothing is shown, and what a test does in the part of the app. */
function stage() {
  const manager = createSessionManager();
  cleanups.push(() => manager.close());
  const clock = testClock();
  const host = new EventTarget();
  const viewer = {};
  const state = { isThere: true, isLoaded: false, address: '' };
  const place: Place = {
    host: host as Window,
    frame: undefined,
    viewer: () => viewer as Window,
    load(address) {
      state.address = address;
    },
    isLoaded: () => state.isLoaded,
    isThere: () => state.isThere,
    remove() {
      state.isThere = false;
    },
  };
  const showing = showInspector(
    place,
    manager,
    resolvePageOptions({ allow: ['kill'], redact: ['messages'] }),
    { app, layout: async () => 'elk', clock },
  );
  showing.catch(() => {});
  const tell = (data: unknown, source: object = viewer, ports: MessagePort[] = []) =>
    host.dispatchEvent(Object.assign(new Event('message'), { data, source, ports }));
  async function token(): Promise<string> {
    await until(() => state.address !== '');
    const html = await (await fetch(state.address)).text();
    return html.match(/content="(\w+)"/)?.[1] ?? '';
  }
  /** The app greets, or somebody says something instead. */
  async function greet({ said, source }: { said?: object; source?: object } = {}) {
    const { port1, port2 } = new MessageChannel();
    cleanups.push(() => port1.close());
    const heard: Array<Record<string, unknown>> = [];
    port1.onmessage = ({ data }) => heard.push(typeof data === 'string' ? JSON.parse(data) : data);
    tell(said ?? { type: PROTOCOL, token: await token() }, source, [port2]);
    const say = (message: object) => port1.postMessage(JSON.stringify(message));
    return { port: port1, heard, say, of: (type: string) => heard.find((each) => each.type === type) };
  }
  const taps = () => engineOf(manager).taps.size;
  return { manager, clock, host, state, showing, tell, token, greet, taps };
}

describe('an inspector that is shown', () => {
  it('is there when the app has greeted, and tells it of the sessions', async () => {
    const { manager, showing, greet } = stage();
    await manager.createSession({ id: 'ada' });
    expect(await stateOf(showing)).toBe('pending');
    const { of } = await greet();
    await until(() => of('fleet') !== undefined);
    expect(of('hello')).toMatchObject({ version: '1.2.3', allow: ['kill'], redacted: ['messages'] });
    expect(of('fleet')).toMatchObject({ rows: [{ id: 'ada' }] });
    const inspector = await showing;
    await inspector.close();
  });

  it('does what is allowed, and refuses the rest', async () => {
    const { manager, showing, greet } = stage();
    await manager.createSession({ id: 'ada' });
    const { say, heard } = await greet();
    const inspector = await showing;
    say({ type: 'act', request: 1, action: { do: 'terminate', sessionId: 'ada' } });
    say({ type: 'act', request: 2, action: { do: 'kill', sessionId: 'ada' } });
    const answer = (request: number) => heard.find((each) => each.request === request);
    await until(() => answer(1) !== undefined && answer(2) !== undefined);
    expect(answer(1)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
    expect(answer(2)).toMatchObject({ ok: true });
    await inspector.close();
  });

  it.each([
    ['who does not know the token', () => ({ said: { type: PROTOCOL, token: 'guessed' } })],
    ['who says something else', () => ({ said: { type: '@statelyai.connected' } })],
    [
      'another window that has learnt it',
      (token: string) => ({ said: { type: PROTOCOL, token }, source: {} }),
    ],
  ])('is not for %s', async (_name, stranger) => {
    const { showing, greet, tell, taps, token } = stage();
    const { heard } = await greet(stranger(await token()));
    tell(null);
    tell({ type: PROTOCOL, token: await token() });
    expect(await stateOf(showing)).toBe('pending');
    expect(heard).toEqual([]);
    expect(taps()).toBe(0);
  });

  it('costs the engine nothing before the app is there, while it is loaded anew, and after it', async () => {
    const { showing, greet, taps, clock } = stage();
    expect(taps()).toBe(0);
    const first = await greet();
    const inspector = await showing;
    expect(taps()).toBe(1);
    first.port.postMessage({ line: 'end' });
    await until(() => taps() === 0);
    const second = await greet();
    await until(() => second.of('hello') !== undefined);
    expect(taps()).toBe(1);
    await inspector.close();
    expect(taps()).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('has one line: an app that is loaded anew ends the one before', async () => {
    const { showing, greet } = stage();
    const first = await greet();
    const inspector = await showing;
    await greet();
    await until(() => first.heard.some(({ line }) => line === 'end'));
    await inspector.close();
  });

  it('is over when its window is closed, by whom ever', async () => {
    const { showing, greet, state, clock, taps } = stage();
    await greet();
    const inspector = await showing;
    state.isThere = false;
    expect(await stateOf(inspector.closed)).toBe('pending');
    await clock.advance(500);
    await inspector.closed;
    expect([taps(), clock.pending]).toEqual([0, 0]);
    await expect(fetch(state.address)).rejects.toThrow();
  });

  it('takes its window away when it is closed, tells the app, and can be closed again', async () => {
    const { showing, greet, state } = stage();
    const { of } = await greet();
    await using inspector = await showing;
    await inspector.close();
    await inspector.close();
    await inspector.closed;
    expect(state.isThere).toBe(false);
    await until(() => of('closed') !== undefined);
  });

  it('lets go of the app when the page is left, and takes it up again when the page comes back', async () => {
    const { showing, greet, host, taps } = stage();
    const { heard } = await greet();
    const inspector = await showing;
    host.dispatchEvent(new Event('pagehide'));
    await until(() => heard.some(({ line }) => line === 'end'));
    expect(taps()).toBe(0);
    const again = await greet();
    await until(() => again.of('hello') !== undefined);
    await inspector.close();
  });

  it('goes on by what the app says of the time, however timers are held back', async () => {
    const { manager, showing, greet, clock } = stage();
    const { heard, of, port } = await greet();
    const inspector = await showing;
    await until(() => of('fleet') !== undefined);
    await manager.createSession({ id: 'newcomer' });
    // No timer runs; a moment later by its time the app says so.
    const then = clock.now() + 100;
    clock.now = () => then;
    await turns();
    expect(JSON.stringify(heard)).not.toContain('newcomer');
    port.postMessage({ line: 'tick' });
    await until(() => JSON.stringify(heard).includes('newcomer'));
    await inspector.close();
  });
});

describe('an inspector that cannot be shown', () => {
  it('says so when its window is closed before it is there', async () => {
    const { showing, state, clock, token } = stage();
    await token();
    state.isThere = false;
    await clock.advance(500);
    expect(await codeOf(showing)).toBe('ABORTED');
    expect(clock.pending).toBe(0);
  });

  it('says what its policy must allow when the document is there and silent', async () => {
    const { showing, state, clock, token } = stage();
    await token();
    await clock.advance(10_000);
    expect(await stateOf(showing)).toBe('pending');
    state.isLoaded = true;
    for (let n = 0; n < 6; n += 1) await clock.advance(500);
    const { code, message, details } = await failureOf(showing);
    expect(code).toBe('FORBIDDEN');
    expect(message).toContain("script-src 'sha256-script'; style-src 'sha256-style'");
    expect(details).toMatchObject({ reason: 'content-security-policy' });
    expect([state.isThere, clock.pending]).toEqual([false, 0]);
  });
});
