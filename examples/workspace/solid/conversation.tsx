/** @jsxImportSource solid-js */
import { useConversation, useSession } from 'chartroom/solid';
import { For, onCleanup, onMount, Show } from 'solid-js';
import { absenceOf } from '../shared/absence.ts';
import { textOf } from '../shared/ask.ts';
import { nameOf } from '../shared/names.ts';
import { stickToEnd } from '../shared/stick-to-end.ts';
import type { Workspace } from '../shared/workspace.ts';
import { AddFiles } from './add-files.tsx';
import { Answer } from './answer.tsx';
import { Composer } from './composer.tsx';

export function Conversation(props: { id: string; workspace: Workspace }) {
  const session = useSession(() => props.id);
  const conversation = useConversation(() => props.id);
  let content!: HTMLOListElement;
  onMount(() => onCleanup(stickToEnd(content)));
  return (
    <main class="talk">
      <header>
        <h2>{session.info ? nameOf(session.info) : 'Session'}</h2>
        <span class="quiet">{session.error ? absenceOf(session.error) : session.info?.status}</span>
        <Show when={session.info}>
          {(info) => <AddFiles id={props.id} workspace={props.workspace} count={info().activeFileCount} />}
        </Show>
      </header>
      <section class="frame" aria-label="Conversation" tabindex="0">
        <ol ref={content} class="messages">
          <For each={conversation.messages}>
            {({ role, content: said }) => (
              <li class={`message ${role}`}>
                {role === 'user' ? textOf(said) : <Answer text={textOf(said)} />}
              </li>
            )}
          </For>
          <For each={conversation.streaming}>
            {({ text }) => (
              <li class="message assistant">
                <Answer text={text} isTold />
              </li>
            )}
          </For>
        </ol>
      </section>
      <Composer id={props.id} />
    </main>
  );
}
