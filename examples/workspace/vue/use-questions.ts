import type { LibrarianEvent } from 'chartroom/agents/librarian';
import { useSessionActions } from 'chartroom/vue';
import { ref } from 'vue';
import { turnOf } from '../shared/ask.ts';

/** A question that is being written, and the way to ask it. */
export function useQuestions(id: string) {
  const { send, dispatch, pending, error } = useSessionActions<LibrarianEvent>(id);
  const text = ref('');
  async function submit(): Promise<void> {
    const question = text.value.trim();
    if (question === '' || pending.value) return;
    try {
      const message = await send('user', question);
      text.value = '';
      await dispatch(turnOf(message));
    } catch {
      // It is in `error`.
    }
  }
  return { text, submit, pending, error };
}
