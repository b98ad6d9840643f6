/** @jsxImportSource solid-js */
import { For, Show } from 'solid-js';
import { selection } from '../shared/selection.ts';
import { addressOf, views } from '../shared/views.ts';
import type { Workspace } from '../shared/workspace.ts';
import { Conversation } from './conversation.tsx';
import { SessionList } from './session-list.tsx';
import { useValue } from './value.ts';

export function App(props: { workspace: Workspace }) {
  const id = useValue(selection);
  const told = useValue(props.workspace.notices);
  const standings = [useValue(props.workspace.storage), useValue(props.workspace.tabs)];
  return (
    <div class="app heart">
      <header class="top">
        <h1>Workspace</h1>
        <nav class="views" aria-label="Written in">
          <For each={views}>
            {({ name, path }) => (
              <a href={addressOf(path, id())} aria-current={name === 'Solid' ? 'page' : undefined}>
                {name}
              </a>
            )}
          </For>
        </nav>
        <div class="states">
          <For each={standings}>
            {(standing) => <span class={`state ${standing().kind}`}>{standing().words}</span>}
          </For>
        </div>
      </header>
      <div class="notices">
        <div role="status" aria-label="Notices">
          <For each={standings}>
            {(standing) => (
              <Show when={standing().advice}>{(advice) => <p class="notice">{advice()}</p>}</Show>
            )}
          </For>
        </div>
        <div role="alert" aria-label="Failures">
          <For each={told()}>{(text) => <p class="notice bad">{text}</p>}</For>
        </div>
      </div>
      <SessionList selected={id()} workspace={props.workspace} />
      <Show when={id()} keyed fallback={<Welcome />}>
        {(chosen) => <Conversation id={chosen} workspace={props.workspace} />}
      </Show>
    </div>
  );
}

function Welcome() {
  return (
    <main class="talk">
      <div class="empty">
        <h2>Choose a session</h2>
        <p>Or begin a new one. They are the same sessions in every view.</p>
      </div>
    </main>
  );
}
