const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a over UTF-16 code units, begun with a number for where the text belongs: a changed value shows when its row
 * is read, and so does a row in the place of another. Against accidents, not against forgers.
 */
export function checksum(text: string, place: number): number {
  let hash = place ^ OFFSET;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  return hash >>> 0;
}
