import { crc32 } from 'node:zlib';

/**
 * Of a row's text, and of the key that it is found by: a changed or torn value shows when the row is read, and so
 * does a row in the place of another.
 */
export function checksum(key: string | number, text: string): number {
  return crc32(text, crc32(String(key)));
}
