/** @jsxImportSource react */
import type { Message } from 'chartroom';
import type { LibrarianEvent } from 'chartroom/agents/librarian';
import { useSessionActions } from 'chartroom/react';
import { turnOf } from '../shared/ask.ts';

/** The session was killed in the middle, or somebody stopped the answer. */
export function Unanswered({ id, question }: { id: string; question: Message }) {
  const { dispatch } = useSessionActions<LibrarianEvent>(id);
  return (
    <li className="unanswered">
      This question has no answer.
      <button type="button" className="button" onClick={() => dispatch(turnOf(question))}>
        Ask again
      </button>
    </li>
  );
}
