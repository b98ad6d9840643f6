/** @jsxImportSource solid-js */
import type { LibrarianEvent } from 'chartroom/agents/librarian';
import { useSessionActions } from 'chartroom/solid';
import { createSignal } from 'solid-js';
import { isSending, turnOf } from '../shared/ask.ts';

export function Composer(props: { id: string }) {
  const actions = useSessionActions<LibrarianEvent>(() => props.id);
  const [text, setText] = createSignal('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const question = text().trim();
    if (question === '' || actions.pending) return;
    try {
      const message = await actions.send('user', question);
      setText('');
      await actions.dispatch(turnOf(message));
    } catch {
      // It is in `actions.error`.
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isSending(event)) submit(event);
  };
  return (
    <form class="composer" onSubmit={submit}>
      <div class="box">
        <textarea
          aria-label="Question"
          value={text()}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button type="submit" class="button primary" disabled={actions.pending || text().trim() === ''}>
          Send
        </button>
      </div>
      <p class={actions.error ? 'foot failed' : 'foot'}>{actions.error?.message ?? 'Enter sends.'}</p>
    </form>
  );
}
