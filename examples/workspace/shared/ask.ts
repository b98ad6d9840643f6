import type { Message } from 'chartroom';
import type { LibrarianEvent } from 'chartroom/agents/librarian';

/**
 * Has the librarian answer a question that stands in the conversation. The turn is named after it, so that it is
 * answered once, even if it is asked again because its session was killed meanwhile.
 */
export function turnOf({ id, content }: Message): LibrarianEvent {
  return { type: 'ask', turnId: id, question: textOf(content) };
}

/** What of a message is shown. */
export function textOf(content: Message['content']): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (typeof part.text === 'string' ? part.text : `[${part.type}]`)).join('\n');
}

/** Enter sends a question. With Shift it begins a new line, and whoever composes a character with it has not finished. */
export function isSending({ key, shiftKey, isComposing }: KeyboardEvent): boolean {
  return key === 'Enter' && !shiftKey && !isComposing;
}
