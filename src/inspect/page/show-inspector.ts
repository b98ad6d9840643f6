/// <reference path="./assets.d.ts" />
import { type Clock, systemClock } from '../../clock.ts';
import { asyncDispose } from '../../dispose.ts';
import { SessionError } from '../../errors.ts';
import type { SessionManager } from '../../manager.ts';
import { Inspection } from '../inspection.ts';
import { PROTOCOL } from '../protocol.ts';
import { appDocument, newToken } from './app-document.ts';
import type { PageInspector } from './open-inspector.ts';
import { PageClock } from './page-clock.ts';
import type { ResolvedPageOptions } from './page-options.ts';
import type { Place } from './place.ts';
import { PortChannel } from './port-channel.ts';

/** Nobody tells when a window is closed: it is looked at so often. */
const LOOK_EACH_MS = 500;
/** A document that is loaded and has not said a word by then cannot run its script. */
const SILENT_LOOKS = 6;

/** What a test has in place of the built app, and of the system's clock. */
export interface ShowParts {
  readonly app?: () => Promise<typeof import('../../../dist/inspector/in-page/app.js')>;
  readonly layout?: () => Promise<string>;
  readonly clock?: Clock;
}

/** Shows the app at a place that is open. Resolves when it has greeted. */
export async function showInspector(
  place: Place,
  manager: SessionManager,
  options: ResolvedPageOptions,
  { app = builtApp, layout = builtLayout, clock: system = systemClock }: ShowParts = {},
): Promise<PageInspector> {
  const { html, version, scriptSource, styleSource } = await app();
  const { allow, redact, nonce } = options;
  const clock = new PageClock(system);
  const inspection = new Inspection(manager, { allow, redact, version, clock });
  const token = newToken();
  const document = new Blob([appDocument(html, { token, nonce })], { type: 'text/html' });
  const address = URL.createObjectURL(document);
  const greeted = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  let channel: PortChannel | undefined;
  let silentLooks = 0;
  let look: unknown;

  const receive = ({ source, data, ports: [port] }: MessageEvent) => {
    const { type, token: said } = (data ?? {}) as { type?: unknown; token?: unknown };
    if (type !== PROTOCOL || said !== token || source !== place.viewer() || !port) return;
    // One that was loaded anew: the one before is gone.
    channel?.close('The inspector was loaded anew.');
    channel = PortChannel.attach(port, inspection, { layout, tick: () => clock.catchUp() });
    greeted.resolve();
  };
  // A page that the browser keeps and brings back is greeted again.
  const leave = () => channel?.close('The page has been left.');

  const close = async () => {
    if (look === undefined) return;
    system.clearTimeout(look);
    look = undefined;
    place.host.removeEventListener('message', receive);
    place.host.removeEventListener('pagehide', leave);
    inspection.close('The inspector is closed.');
    URL.revokeObjectURL(address);
    if (place.isThere()) place.remove();
    greeted.reject(
      new SessionError('ABORTED', 'The window of the inspector was closed before the inspector was there.'),
    );
    closed.resolve();
  };
  const lookAgain = () => {
    look = system.setTimeout(() => {
      if (!place.isThere()) void close();
      else if (!channel && place.isLoaded() && ++silentLooks >= SILENT_LOOKS) {
        greeted.reject(policyForbids(scriptSource, styleSource));
        void close();
      } else lookAgain();
    }, LOOK_EACH_MS);
  };

  place.host.addEventListener('message', receive);
  place.host.addEventListener('pagehide', leave);
  lookAgain();
  place.load(address);
  await greeted.promise;
  return Object.freeze({
    window: place.viewer() as Window,
    frame: place.frame,
    closed: closed.promise,
    close,
    [asyncDispose]: close,
  });
}

function policyForbids(scriptSource: string, styleSource: string): SessionError {
  const policy = {
    'script-src': scriptSource,
    'style-src': styleSource,
    'worker-src': 'blob:',
    'frame-src': 'blob:',
  };
  const words = Object.entries(policy).map(([directive, source]) => `${directive} ${source}`);
  return new SessionError(
    'FORBIDDEN',
    "The inspector's app does not run: the content security policy of this page, which holds for its windows and frames " +
      `too, forbids its script. Give the nonce of the policy as the option \`nonce\`, or allow ${words.join('; ')}`,
    { details: { reason: 'content-security-policy', policy } },
  );
}

function builtApp() {
  return import('../../../dist/inspector/in-page/app.js');
}

async function builtLayout(): Promise<string> {
  const { program } = await import('../../../dist/inspector/in-page/elk.js');
  return program;
}
