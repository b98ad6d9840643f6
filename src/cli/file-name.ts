import { createHash } from 'node:crypto';
import { checkSessionId } from '../ids.ts';

/** Names that Windows keeps for devices, whatever follows the first dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The file for the document of each id: `ID.json` wherever every file system can tell it from the others. Where one
 * cannot, the id is marked with a hash of itself, as in `room_1~4217a7ce1ff7.json`: with `:`, which Windows takes for
 * a part of another file; with the name of a device; and where two differ in nothing but case, which macOS and
 * Windows take for one. `~` is in no id. Throws `INVALID_SESSION_ID` for what is no id, so that no name leads out of
 * its folder.
 *
 * @param present names that are in the folder already
 */
export function fileNames(ids: readonly string[], present: readonly string[] = []): Map<string, string> {
  const holders = new Map<string, Set<string>>();
  for (const name of [...present, ...ids.map(plainName)]) {
    const folded = name.toLowerCase();
    holders.set(folded, (holders.get(folded) ?? new Set()).add(name));
  }
  const isAlone = (id: string) => (holders.get(plainName(id).toLowerCase())?.size ?? 0) < 2;
  return new Map(ids.map((id) => [id, isAlone(id) ? nameOf(id) : markedName(id)]));
}

function nameOf(id: string): string {
  return id.includes(':') || DEVICE.test(id) ? markedName(id) : plainName(id);
}

function plainName(id: string): string {
  return `${checkSessionId(id)}.json`;
}

function markedName(id: string): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 12);
  return `${DEVICE.test(id) ? '_' : ''}${id.replaceAll(':', '_')}~${hash}.json`;
}
