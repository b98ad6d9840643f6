/** @jsxImportSource solid-js */
import { Show } from 'solid-js';
import { addDrop } from '../shared/add-files.ts';
import { counted } from '../shared/counted.ts';
import { type Drop, readChosen } from '../shared/dropped.ts';
import { samples } from '../shared/samples.ts';
import type { Workspace } from '../shared/workspace.ts';

export function AddFiles(props: { id: string; workspace: Workspace; count: number }) {
  const add = async (drop: Drop | Promise<Drop>) =>
    addDrop(props.workspace, props.workspace.client.session(props.id), await drop);
  return (
    <>
      <span class="quiet">{counted(props.count, 'file')}</span>
      <label class="button">
        Add files
        <input
          class="hidden"
          type="file"
          multiple
          onChange={({ currentTarget }) => add(readChosen(currentTarget.files ?? []))}
        />
      </label>
      <Show when={props.count === 0}>
        <button type="button" class="button" onClick={() => add(samples)}>
          Use sample files
        </button>
      </Show>
    </>
  );
}
