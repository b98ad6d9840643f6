/** @jsxImportSource react */
import type { Message as SessionMessage } from 'chartroom';
import { memo } from 'react';
import { linesOf } from '../shared/answer-lines.ts';
import { textOf } from '../shared/ask.ts';

/** Not rendered again while an answer is told: `messages` is another array only when a message has come or gone. */
export const Messages = memo(function Messages({ messages }: { messages: readonly SessionMessage[] }) {
  return messages.map((message) => <Message key={message.id} message={message} />);
});

/** What is in it comes from strangers, too: it is text, and never anything else. */
const Message = memo(function Message({ message }: { message: SessionMessage }) {
  const text = textOf(message.content);
  return (
    <li className={`message ${message.role}`}>
      <span className="hidden">{message.role === 'user' ? 'You asked: ' : 'Answer: '}</span>
      {message.role === 'user' ? <span>{text}</span> : <Answer text={text} />}
    </li>
  );
});

/** `isTold`: more of it is still to come. */
export function Answer({ text, isTold = false }: { text: string; isTold?: boolean }) {
  const lines = linesOf(text);
  return (
    <div className="answer">
      {lines.map((line, index) => {
        const caret = isTold && index === lines.length - 1 && <span className="caret" />;
        const key = `${index}`;
        return line.kind === 'words' ? (
          <p key={key}>
            {line.text}
            {caret}
          </p>
        ) : (
          <div key={key} className="hit">
            <span className="place">{line.place}</span>
            <code>
              {line.text}
              {caret}
            </code>
          </div>
        );
      })}
    </div>
  );
}
