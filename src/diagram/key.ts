import type { Chart } from './chart.ts';

/** Raised when the same chart would be laid out in another way: what is cached of it is stale. */
const LAYOUT_VERSION = 1;

/** A short text that differs when charts do: a key for drawings that are kept. No protection against forgers. */
export function chartKey(chart: Chart): string {
  const text = `${LAYOUT_VERSION} ${JSON.stringify(chart)}`;
  // Two FNV-1a hashes from different offsets: 64 bits.
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ (code + index), 0x01000193);
  }
  return [a, b].map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('');
}
