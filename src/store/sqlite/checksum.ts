import { crc32 } from 'node:zlib';

/**
 * Of a row's text, begun with a number for where it belongs: a changed or torn value shows when the row is read,
 * and so does a row in the place of another.
 */
export function checksum(text: string, place: number): number {
  return crc32(text, place >>> 0);
}
