/** @jsxImportSource react */
import type { LibrarianEvent } from 'chartroom/agents/librarian';
import { useSessionActions } from 'chartroom/react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { isSending, turnOf } from '../shared/ask.ts';

interface Props {
  readonly id: string;
  readonly answering: boolean;
  readonly hasFiles: boolean;
}

/** Where questions are written. What could not be sent stays there. */
export function Composer({ id, answering, hasFiles }: Props) {
  const { send, dispatch, pending, error } = useSessionActions<LibrarianEvent>(id);
  const [text, setText] = useState('');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const question = text.trim();
    if (question === '' || pending) return;
    try {
      const message = await send('user', question);
      setText('');
      await dispatch(turnOf(message));
    } catch {
      // It is in `error`.
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isSending(event.nativeEvent)) submit(event);
  };

  return (
    <form className="composer" onSubmit={submit}>
      <div className="box">
        <textarea
          aria-label="Question"
          aria-describedby="composer-foot"
          placeholder={
            hasFiles ? 'Ask about the files of this session' : 'Add files first, then ask about them'
          }
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
        />
        {answering && (
          <button type="button" className="button" onClick={() => dispatch({ type: 'cancel' })}>
            Stop
          </button>
        )}
        <button type="submit" className="button primary" disabled={text.trim() === '' || pending}>
          Send
        </button>
      </div>
      <p id="composer-foot" className={error ? 'foot failed' : 'foot'}>
        {error ? error.message : 'Enter sends, Shift+Enter begins a new line.'}
      </p>
    </form>
  );
}
