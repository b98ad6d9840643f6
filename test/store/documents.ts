import type { Message } from '../../src/data.ts';
import type { SessionDocument } from '../../src/store/document.ts';

export const SAVED_AT = '2026-01-01T00:00:00.000Z';

/** A session with something of everything: messages 4 and 5 of five, one of them under a key. */
export function documentOf(id = 'ada'): SessionDocument {
  const keyed: Message = {
    id: `${id}:5`,
    seq: 12,
    role: 'user',
    content: [{ type: 'text', text: 'and this?' }],
    createdAt: SAVED_AT,
    idempotencyKey: 'second',
    toolCallId: 'call',
    metadata: { tone: 'kind' },
  };
  const gone: Message = { ...keyed, id: `${id}:1`, seq: 3, content: 'long ago', idempotencyKey: 'first' };
  return {
    format: 'chartroom.session',
    version: 1,
    id,
    savedAt: SAVED_AT,
    messageCount: 2,
    metadata: { owner: 'me' },
    data: {
      metadata: { owner: 'me' },
      llmConfig: { model: 'none' },
      config: { maxMessages: 3, maxTokens: 20, maxFiles: 2, features: ['a'] },
      conversation: [
        [{ id: `${id}:4`, seq: 9, role: 'assistant', content: 'hello', createdAt: SAVED_AT }, 2],
        [keyed, 4],
      ],
      messageNumber: 5,
      files: [['src/a.ts', SAVED_AT]],
      fileIndex: [['src/b.ts', { lines: 3 }]],
      workingContext: [['plan', ['one', null]]],
      keyed: [
        ['first', gone],
        ['second', keyed],
      ],
    },
  };
}

/** What a file says, free to be spoiled in any of its parts. */
// biome-ignore lint/suspicious/noExplicitAny: no type would let a test write what the format forbids
export type Loose = Record<string, any>;

/** The text of a document after `spoil` has changed it. */
export function spoiled(spoil: (document: Loose, data: Loose) => void): string {
  const document = JSON.parse(JSON.stringify(documentOf()));
  spoil(document, document.data);
  return JSON.stringify(document);
}
