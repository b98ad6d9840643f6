import { asyncDispose } from '../dispose.ts';
import type { SessionManager } from '../manager.ts';
import { type InspectSessionsOptions, resolveInspectOptions } from './inspect-options.ts';
import { Inspection } from './inspection.ts';
import type { ServerOptions } from './server/index.ts';
import { StatelyApps } from './stately.ts';

/** An inspector that is being served. Its server keeps the process alive until it is closed. */
export interface SessionInspector extends AsyncDisposable {
  /** For a browser. It holds the token: who has it sees all, and may do what is allowed. */
  readonly url: string;
  /**
   * The `url` of `createWebSocketInspector` of `@statelyai/inspect`, for other XState apps. Its token is another: it
   * lets events in, and nothing out.
   */
  readonly feedUrl: string;
  /** The `url` of `createBrowserInspector`, for XState apps in a page. */
  readonly windowUrl: string;
  /** Resolves when nothing is left of it, neither a socket nor a timer. The manager goes on. */
  close(): Promise<void>;
}

/**
 * Serves the inspector of a manager: its web page and what that looks at, on this machine. It may begin and end at any
 * time while the manager runs, which before, and while nobody looks, pays nothing for it. Needs Node and the package
 * `ws`.
 *
 * Rejects `INVALID_ARGUMENT` with the option that is wrong, also for a port that is taken.
 */
export function inspectSessions(
  manager: SessionManager,
  options?: InspectSessionsOptions,
): Promise<SessionInspector> {
  return inspectThrough(manager, options);
}

/** `through`: what a test has in place of the page of this package, and of the system's clock. */
export async function inspectThrough(
  manager: SessionManager,
  options: InspectSessionsOptions | undefined,
  through: Pick<ServerOptions, 'folder' | 'clock' | 'openBrowser'> = {},
): Promise<SessionInspector> {
  const { allow, redact, ...place } = resolveInspectOptions(options);
  const apps = new StatelyApps({ redact });
  const { ownVersion, startServer } = await import('./server/index.ts');
  const inspection = new Inspection(manager, { allow, redact, apps, version: ownVersion() });
  try {
    const server = await startServer({ ...place, ...through, viewed: inspection, feeds: apps });
    const close = async () => {
      inspection.close('The inspector is closed.');
      await server.close();
    };
    const { url, feedUrl, windowUrl } = server;
    return Object.freeze({ url, feedUrl, windowUrl, close, [asyncDispose]: close });
  } catch (error) {
    inspection.close();
    throw error;
  }
}
