/** What `chartroom inspect` does, loaded when it is asked for. */
import { systemClock } from '../clock.ts';
import { isSessionError } from '../errors.ts';
import type { ResolvedInspectOptions } from '../inspect/inspect-options.ts';
import { Inspection } from '../inspect/inspection.ts';
import type { InspectorServer, ServerOptions } from '../inspect/server/index.ts';
import { StatelyApps } from '../inspect/stately.ts';
import { StoredInspection } from '../inspect/stored-inspection.ts';
import { createSessionManager, type SessionManager } from '../manager.ts';
import { inFlags } from './arguments.ts';
import { loadManager } from './managers.ts';
import { DONE, type Surroundings } from './surroundings.ts';
import { bold, printable } from './text.ts';
import { readTrace } from './trace-page.ts';

/** How many ports are tried, from the usual one on. */
const TRIES = 20;

export interface Order {
  readonly options: ResolvedInspectOptions;
  /** The port is the usual one, not one that was asked for. */
  readonly anyPort: boolean;
  readonly surroundings: Surroundings;
}

export async function inspectModule(where: string, order: Order): Promise<number> {
  const manager = await loadManager(order.surroundings, where);
  return inspectManager(manager, order, () => `Inspecting the sessions of ${where}:`);
}

/** An app has no need of sessions; the inspector of a manager that has none shows it as well. */
export function inspectApps(order: Order): Promise<number> {
  return inspectManager(createSessionManager(), order, linesForApps);
}

async function inspectManager(
  manager: SessionManager,
  order: Order,
  headline: (server: InspectorServer) => string,
): Promise<number> {
  const { options, surroundings } = order;
  const { allow, redact } = options;
  try {
    const feeds = new StatelyApps({ redact });
    const viewed = new Inspection(manager, { allow, redact, apps: feeds, version: surroundings.version });
    return await serve({ viewed, feeds }, order, headline);
  } finally {
    await manager.close();
  }
}

export async function inspectStore(file: string, order: Order): Promise<number> {
  const { options, surroundings } = order;
  await using lease = await surroundings.open(file, { readOnly: true });
  const { version } = surroundings;
  const viewed = new StoredInspection(lease, { version, clock: systemClock, redact: options.redact });
  return await serve({ viewed }, order, () => `Inspecting ${file} as it is; nothing is changed:`);
}

export function inspectTrace(file: string, order: Order): Promise<number> {
  const trace = readTrace(file);
  return serve({ trace: JSON.stringify(trace) }, order, () => `Showing the trace ${file}:`);
}

async function serve(
  what: Pick<ServerOptions, 'viewed' | 'feeds' | 'trace'>,
  { options, anyPort, surroundings }: Order,
  headline: (server: InspectorServer) => string,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  const warn = (message: string) => stderr.write(`chartroom inspect: ${printable(message)}\n`);
  const server = await started({ ...options, ...what, tries: anyPort ? TRIES : 1, warn }, surroundings);
  try {
    // Whoever reads that it can be interrupted may do so at once.
    const interrupted = surroundings.interrupted();
    stdout.write(`${headline(server)}\n\n  ${bold(server.url, stdout)}\n\nCtrl-C ends it.\n`);
    await interrupted;
  } finally {
    await server.close();
  }
  return DONE;
}

async function started(options: ServerOptions, { serveInspector }: Surroundings): Promise<InspectorServer> {
  try {
    return await serveInspector(options);
  } catch (error) {
    throw isSessionError(error) ? new Error(inFlags(error.message), { cause: error }) : error;
  }
}

function linesForApps({ feedUrl, windowUrl }: InspectorServer): string {
  return `Waiting for XState apps. With @statelyai/inspect installed, an app in Node shows
itself by

  const { inspect } = createWebSocketInspector({ url: '${feedUrl}' });
  createActor(machine, { inspect }).start();

and one in a page by createBrowserInspector({ url: '${windowUrl}' }).
The inspector:`;
}
