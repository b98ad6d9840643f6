/** @jsxImportSource solid-js */
import { Index, Show } from 'solid-js';
import { linesOf } from '../shared/answer-lines.ts';

/** `isTold`: more of it is still to come. */
export function Answer(props: { text: string; isTold?: boolean }) {
  return (
    <div class="answer">
      <Index each={linesOf(props.text)}>
        {(line) => {
          const place = () => {
            const shown = line();
            return shown.kind === 'hit' && shown.place;
          };
          return (
            <Show when={place()} fallback={<p>{line().text}</p>}>
              <div class="hit">
                <span class="place">{place()}</span>
                <code>{line().text}</code>
              </div>
            </Show>
          );
        }}
      </Index>
      <Show when={props.isTold}>
        <span class="caret" />
      </Show>
    </div>
  );
}
