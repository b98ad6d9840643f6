/** @jsxImportSource solid-js */
import { useSessionActions, useSessions } from 'chartroom/solid';
import { For, Show } from 'solid-js';
import { counted } from '../shared/counted.ts';
import { fateOf } from '../shared/fallen.ts';
import { nameOf, newSession } from '../shared/names.ts';
import { select } from '../shared/selection.ts';
import { addressOf } from '../shared/views.ts';
import type { Workspace } from '../shared/workspace.ts';
import { useValue } from './value.ts';

export function SessionList(props: { selected: string | undefined; workspace: Workspace }) {
  const inTrouble = useValue(props.workspace.fallen);
  const list = useSessions();
  const actions = useSessionActions();
  const begin = async () => {
    const { id } = await actions.create(newSession(list.sessions, props.workspace.fallen.get()));
    select(id);
  };
  return (
    <nav class="list" aria-label="Sessions">
      <header>
        <button type="button" class="button primary" disabled={actions.pending} onClick={begin}>
          New session
        </button>
      </header>
      <div class="rows">
        <Show when={inTrouble().length > 0}>
          <h2 id="in-trouble">In trouble</h2>
          <ul aria-labelledby="in-trouble">
            <For each={inTrouble()}>
              {(fallen) => (
                <li>
                  <a class="row fallen" href={addressOf('/', fallen.id)}>
                    <span class="dot fallen" />
                    <span class="name">{nameOf(fallen)}</span>
                    <span class="says">{fallen.reason ?? 'ended'}</span>
                    <span class="last">{`It ${fateOf(fallen.reason)}. Recover it in React`}</span>
                  </a>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <ul>
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
                  <span class="last">{counted(info.messageCount, 'message')}</span>
                </button>
              </li>
            )}
          </For>
        </ul>
      </div>
    </nav>
  );
}
