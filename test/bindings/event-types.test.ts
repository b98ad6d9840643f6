import { expect, it } from 'vitest';
import { WITHOUT_CHUNKS } from '../../src/bindings/event-types.ts';
import { eventTypes } from '../../src/events/names.ts';

it('leaves out the pieces of answers, and nothing else', () => {
  expect(new Set([...WITHOUT_CHUNKS, 'llm_stream_chunk'])).toEqual(eventTypes);
  expect(WITHOUT_CHUNKS).not.toContain('llm_stream_chunk');
});
