import { useSignal } from '@preact/signals';
import type { Trace } from 'chartroom/inspect';
import { useEffect, useRef } from 'preact/hooks';
import type { Drawings } from '../drawings.ts';
import { Icon } from '../parts/icon.tsx';
import { toast } from '../parts/toasts.tsx';
import { useApp } from '../shell/app-state.ts';
import { saveHtml, saveJson } from './save.ts';

/** Saves what is seen: as a trace, or as a page of its own to attach to a report. */
export function SaveMenu(props: { name: string; trace: () => Trace; drawings?: Drawings }) {
  const app = useApp();
  const menu = useRef<HTMLDetailsElement>(null);
  const pending = useSignal(false);
  useEffect(() => {
    const close = (event: Event) => {
      if (event.target instanceof Node && menu.current?.contains(event.target)) return;
      menu.current?.removeAttribute('open');
    };
    addEventListener('pointerdown', close);
    return () => removeEventListener('pointerdown', close);
  }, []);
  const save = async (how: () => unknown, words: string) => {
    menu.current?.removeAttribute('open');
    menu.current?.querySelector('summary')?.focus();
    pending.value = true;
    try {
      await how();
      toast(words);
    } catch (error) {
      toast(`It was not saved. ${error instanceof Error ? error.message : String(error)}`, 'bad');
    } finally {
      pending.value = false;
    }
  };
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !menu.current?.open) return;
        event.preventDefault();
        menu.current.open = false;
        menu.current.querySelector('summary')?.focus();
      }}
    >
      <summary class="button small" aria-disabled={pending.value}>
        <Icon name="down" size={14} />
        {pending.value ? 'Saving…' : 'Save'}
      </summary>
      <div class="menu-items">
        <button
          type="button"
          onClick={() => save(() => saveJson(props.name, props.trace()), 'Saved as a trace file')}
        >
          As a trace (.json)
          <small>to open here again, or to keep</small>
        </button>
        {app.home === 'server' && (
          <button
            type="button"
            onClick={() =>
              save(
                () => saveHtml(props.name, props.trace(), props.drawings ?? app.drawings),
                'Saved as one page',
              )
            }
          >
            As one page (.html)
            <small>opens anywhere, offline: for a bug report</small>
          </button>
        )}
      </div>
    </details>
  );
}
