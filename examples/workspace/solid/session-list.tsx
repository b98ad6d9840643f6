/** @jsxImportSource solid-js */
import { useSessionActions, useSessions } from 'chartroom/solid';
import { For } from 'solid-js';
import { freshName, namedSession, nameOf } from '../shared/names.ts';
import { select } from '../shared/selection.ts';
import type { Workspace } from '../shared/workspace.ts';

export function SessionList(props: { selected: string | undefined; workspace: Workspace }) {
  const list = useSessions();
  const actions = useSessionActions();
  const begin = async () => {
    const { id } = await actions.create(namedSession(freshName(list.sessions, props.workspace.fallen.get())));
    select(id);
  };
  return (
    <nav class="list" aria-label="Sessions">
      <header>
        <button type="button" class="button primary" disabled={actions.pending} onClick={begin}>
          New session
        </button>
      </header>
      <ul class="rows">
        <For each={list.sessions}>
          {(info) => (
            <li>
              <button
                type="button"
                class="row"
                aria-current={info.id === props.selected ? 'page' : undefined}
                onClick={() => select(info.id)}
              >
                <span class={`dot ${info.status}`} />
                <span class="name">{nameOf(info)}</span>
                <span class="says">{info.status}</span>
                <span class="last">{info.messageCount} messages</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </nav>
  );
}
