import { engineOf } from '../engine-of.ts';
import type { SessionManager } from '../manager.ts';
import { UsageError } from './arguments.ts';
import { loadExports, namesIn } from './modules.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The manager that a module exports. Without a `#`, the only one there is, or what its default export returns: no
 * other function is called. Throws a {@link UsageError} when there is none, or more than one.
 */
export async function loadManager(
  surroundings: Pick<Surroundings, 'importModule'>,
  where: string,
): Promise<SessionManager> {
  const { file, wanted, exported } = await loadExports(surroundings, where);
  if (wanted !== undefined) return made(`The export ${wanted} of ${file}`, exported[wanted]);
  const managers = new Set(Object.values(exported).filter(isManager));
  const [manager] = managers;
  if (managers.size > 1) {
    const names = Object.keys(exported).filter((name) => isManager(exported[name]));
    throw new UsageError(`${file} exports several managers; name one: ${file}#${names.join(`, ${file}#`)}.`);
  }
  if (manager) return alive(manager, `The manager of ${file}`);
  if (typeof exported.default === 'function') return made(`The default export of ${file}`, exported.default);
  throw new UsageError(
    `${file} exports no manager, and no default function that makes one. It exports ${namesIn(exported)}.`,
  );
}

async function made(what: string, value: unknown): Promise<SessionManager> {
  const manager: unknown = typeof value === 'function' ? await value() : value;
  if (isManager(manager)) return alive(manager, what);
  const looksLikeOne = typeof manager === 'object' && manager !== null && 'getOrCreateSession' in manager;
  throw new UsageError(
    looksLikeOne
      ? `${what} is a manager of another copy of chartroom; run the command of that copy.`
      : `${what} is no manager${typeof value === 'function' ? ', and makes none' : ''}.`,
  );
}

/** One that has ended would be shown as if there were nothing in it. */
function alive(manager: SessionManager, what: string): SessionManager {
  if (manager.actor.getSnapshot().status === 'active') return manager;
  throw new Error(`${what} is closed, or its store did not open.`);
}

function isManager(value: unknown): value is SessionManager {
  try {
    engineOf(value);
    return true;
  } catch {
    return false;
  }
}
