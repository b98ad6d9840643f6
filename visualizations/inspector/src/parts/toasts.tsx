import { signal } from '@preact/signals';
import { Icon } from './icon.tsx';

type Tone = 'done' | 'bad';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: Tone;
}

/** What went well can be missed; what went wrong stays until it is closed. */
const SHOWN_MS = 5000;
const AT_MOST = 4;

const toasts = signal<readonly Toast[]>([]);
let count = 0;

/** Says something in the corner, to screen readers too. */
export function toast(text: string, tone: Tone = 'done'): void {
  count += 1;
  const id = count;
  toasts.value = [...toasts.peek(), { id, text, tone }].slice(-AT_MOST);
  if (tone === 'done') setTimeout(() => close(id), SHOWN_MS);
}

function close(id: number): void {
  toasts.value = toasts.peek().filter((each) => each.id !== id);
}

/** Where they appear: once in the app. Both regions are there from the start, or what comes first is not read out. */
export function Toasts() {
  return (
    <div class="toasts">
      <div role="status">
        {toasts.value
          .filter(({ tone }) => tone === 'done')
          .map((each) => (
            <Card key={each.id} toast={each} />
          ))}
      </div>
      <div role="alert">
        {toasts.value
          .filter(({ tone }) => tone === 'bad')
          .map((each) => (
            <Card key={each.id} toast={each} />
          ))}
      </div>
    </div>
  );
}

function Card({ toast: { id, text, tone } }: { toast: Toast }) {
  return (
    <div class={`toast ${tone}`}>
      <Icon name={tone === 'bad' ? 'warning' : 'check'} />
      <span>{text}</span>
      <button type="button" class="icon-button" aria-label="Close this message" onClick={() => close(id)}>
        <Icon name="clear" size={12} />
      </button>
    </div>
  );
}
