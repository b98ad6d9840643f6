/** What the child asks of its manager, as data: it is reported before it is asked. */
import type { Role, SessionConfig } from '../../src/data.ts';
import type { SessionManager } from '../../src/manager.ts';
import type { Random } from '../support/random.ts';

export type Call =
  | {
      readonly kind: 'create' | 'getOrCreate';
      readonly id: string;
      readonly mark: string;
      readonly life: Life;
    }
  | {
      readonly kind: 'send';
      readonly id: string;
      readonly role: Role;
      readonly text: string;
      /** Dots after the text: a message of several pages is said in a short line. */
      readonly dots: number;
      readonly key?: string;
    }
  | { readonly kind: 'put'; readonly id: string; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly id: string; readonly key: string }
  | { readonly kind: 'addFile' | 'removeFile'; readonly id: string; readonly path: string }
  | {
      readonly kind: 'index';
      readonly id: string;
      readonly path: string;
      readonly name: string;
      readonly value: string;
    }
  | { readonly kind: 'clear' | 'terminate' | 'kill' | 'save' | 'restore' | 'forget'; readonly id: string };

/** What is configured of a session: the sleeper goes out of memory after a few milliseconds, the mortal ends. */
export type Life = 'plain' | 'sleeper' | 'mortal';

export const MORTAL_MS = 150;
const LIMITS = { maxMessages: 30, maxFiles: 3 };
export const CONFIGS: Readonly<Record<Life, Partial<SessionConfig>>> = {
  plain: LIMITS,
  sleeper: { ...LIMITS, idleAfterMs: 1, sleepAfterMs: 2 },
  mortal: { ...LIMITS, idleAfterMs: 1, sleepAfterMs: 2, terminateAfterMs: MORTAL_MS },
};

/** Calls that begin, end, save or bring back: of one session the child has one of these under way at most. */
const EXCLUSIVE: ReadonlySet<string> = new Set([
  'create',
  'getOrCreate',
  'terminate',
  'kill',
  'save',
  'restore',
  'forget',
]);
export const isExclusive = ({ kind }: Call): boolean => EXCLUSIVE.has(kind);

const IDS = ['a', 'b', 'c', 'd', 'e', 'constructor'];
const KINDS: Readonly<Record<Call['kind'], number>> = {
  create: 16,
  getOrCreate: 6,
  send: 40,
  put: 8,
  delete: 3,
  addFile: 8,
  removeFile: 3,
  index: 4,
  clear: 1,
  terminate: 2.5,
  kill: 1,
  save: 3,
  restore: 3,
  forget: 1,
};

/** A call, often on the same session `again`; `name` is its own in the campaign, and so are its texts. */
export function drawCall(random: Random, name: string, again: string | undefined): Call {
  const kind = random.weighted(KINDS);
  const id = again !== undefined && random.chance(0.4) ? again : random.pick(IDS);
  switch (kind) {
    case 'create':
    case 'getOrCreate':
      return { kind, id, mark: name, life: random.weighted({ plain: 3, sleeper: 3, mortal: 2 }) };
    case 'send': {
      const dots = random.chance(0.05) ? random.between(3000, 9000) : random.between(0, 60);
      const key = random.chance(0.4) ? { key: `key-${random.between(1, 6)}` } : {};
      return { kind, id, role: random.pick(['user', 'assistant', 'tool']), text: name, dots, ...key };
    }
    case 'put':
      return { kind, id, key: `v${random.between(1, 5)}`, value: name };
    case 'delete':
      return { kind, id, key: `v${random.between(1, 5)}` };
    case 'addFile':
    case 'removeFile':
      return { kind, id, path: `f${random.between(1, 6)}` };
    case 'index':
      return { kind, id, path: `f${random.between(1, 6)}`, name: `n${random.between(1, 2)}`, value: name };
    default:
      return { kind, id };
  }
}

/** What an acknowledgement says, in short. */
export type Answer = readonly [id: string, seq: number, createdAt: string, content: string] | boolean | null;

/** Makes the call. */
export async function ask(manager: SessionManager, call: Call): Promise<Answer> {
  const { id } = call;
  const session = manager.session(id);
  switch (call.kind) {
    case 'create':
      await manager.createSession({ id, ...sessionOptions(call.mark, call.life) });
      return null;
    case 'getOrCreate':
      return (await manager.getOrCreateSession(id, sessionOptions(call.mark, call.life))).created;
    case 'send': {
      const { role, key } = call;
      const options = key === undefined ? {} : { idempotencyKey: key };
      const message = await session.send(role, contentOf(call), options);
      return [message.id, message.seq, message.createdAt, shortened(message.content)];
    }
    case 'put':
      await session.context.put(call.key, call.value);
      return null;
    case 'delete':
      await session.context.delete(call.key);
      return null;
    case 'addFile':
      await session.context.addFile(call.path);
      return null;
    case 'removeFile':
      await session.context.removeFile(call.path);
      return null;
    case 'index':
      await session.context.updateFileIndex(call.path, { [call.name]: call.value });
      return null;
    case 'clear':
      await session.context.clearConversation();
      return null;
    case 'terminate':
      await manager.terminateSession(id);
      return null;
    case 'kill':
      await manager.killSession(id);
      return null;
    case 'save':
      await manager.saveSession(id);
      return null;
    case 'restore':
      await manager.restoreSession(id);
      return null;
    case 'forget':
      await manager.deleteSavedSession(id);
      return null;
  }
}

function sessionOptions(mark: string, life: Life) {
  return { metadata: { mark, life }, config: CONFIGS[life] };
}

export function contentOf({ text, dots }: { readonly text: string; readonly dots: number }): string {
  return text + '.'.repeat(dots);
}

/** Content as it is compared and reported: the dots are counted. */
export function shortened(content: unknown): string {
  return String(content).replace(/\.+$/, (dots) => `+${dots.length}`);
}
