import { checkInteger } from '../check.ts';
import type { SessionClient } from '../client.ts';
import { engineOf } from '../engine-of.ts';
import { toEvent } from '../events/face.ts';
import type { PublishedEvent } from '../events/types.ts';
import { checkSessionId } from '../ids.ts';
import { incarnationOf } from '../incarnation.ts';
import type { Fact } from '../session/facts.ts';
import type { Op } from './ops.ts';
import type { Created, PastPage } from './protocol.ts';

/** The most facts that are read for one page of past events. */
const PAGE = 1024;

type Methods = Record<string, (...args: unknown[]) => unknown>;
type Client = SessionClient<never>;

/** What the client itself does not offer, and a handle or a subscription at the far end needs. */
const server: Methods = {
  past: (client, query) => past(client as Client, (query ?? {}) as Parameters<typeof past>[1]),
  end: (client, id, seq) => end(client as Client, checkSessionId(id), checkInteger(seq, 'seq')),
  endAll: (client) => endAll(client as Client),
};

/** Makes the call. What it gives is plain data: of a handle, what the far end makes another one from. */
export async function perform(client: Client, name: string, op: Op, args: unknown[]): Promise<unknown> {
  if (op.of === 'server') return server[name]?.(client, ...args);
  if (op.of === 'client') return plain(name, args[0], await method(client, name)(...args));
  const [id, ...rest] = args;
  const session = client.session(id as string);
  return method(op.of === 'session' ? session : session[op.of], name)(...rest);
}

/** Only names of the table come here. */
function method(object: object, name: string): (...args: unknown[]) => unknown {
  return (...args) => (object as Methods)[name]?.(...args);
}

function plain(name: string, id: unknown, result: unknown): unknown {
  if (name === 'createSession') {
    const handle = result as { id: string };
    return { id: handle.id, seq: incarnationOf(handle) ?? 0 } satisfies Created;
  }
  if (name === 'getOrCreateSession') return { created: (result as { created: boolean }).created };
  return name === 'restoreSession' ? { id } : result;
}

async function past(
  client: Client,
  query: { from?: unknown; sessionId?: unknown; limit?: unknown },
): Promise<PastPage> {
  const { journal } = engineOf(client);
  const from = checkInteger(query.from, 'from', { min: 0 });
  const limit = Math.min(PAGE, checkInteger(query.limit, 'limit', { min: 1 }));
  const { sessionId } = query;
  const events: (PublishedEvent | number)[] = [];
  const one = sessionId !== undefined && { sessionId: checkSessionId(sessionId) };
  for await (const record of journal.facts({ from, limit, ...one }))
    events.push(record.type === 'agent_saved' ? record.seq : toEvent(record as Fact));
  return { cutSeq: journal.cutSeq, events };
}

/** A later one of that id goes on. Between looking and asking there is no turn for anybody else. */
function end(client: Client, id: string, seq: number): Promise<void> {
  return Promise.resolve(
    engineOf(client).dormant.with(id, ({ state }) =>
      state.seq === seq ? client.terminateSession(id) : undefined,
    ),
  );
}

async function endAll(client: Client): Promise<void> {
  const infos = await client.listSessions();
  const ends = infos.map(({ id }) => client.terminateSession(id, { reason: 'closed' }));
  await Promise.allSettled(ends);
}
