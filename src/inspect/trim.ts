import type { Recording } from './protocol.ts';
import { Reel } from './reel.ts';

/**
 * A recording of the last `entries` entries: those before are folded into the bases, and the last snapshot of each
 * chart that still runs is kept in front of the rest.
 */
export function trimRecording(recording: Recording, entries: number): Recording {
  if (recording.entries.length <= entries) return recording;
  const reel = new Reel({ limit: Math.max(1, entries), maxBytes: Number.POSITIVE_INFINITY });
  for (const [id, base] of Object.entries(recording.bases)) reel.begin(id, base);
  for (const entry of recording.entries) reel.push(entry, 0);
  return reel.recording(recording.definitions);
}
