/** @jsxImportSource react */
import { type ChangeEvent, useId } from 'react';
import { readChosen } from '../shared/dropped.ts';
import { useAdding } from './use-adding.ts';

/** The way in for whoever does not drag: files, or a folder of them. */
export function FileChoice({ id }: { id: string }) {
  return (
    <>
      <Choice id={id} label="Choose files" />
      <Choice id={id} label="Choose a folder" isFolder />
    </>
  );
}

function Choice({ id, label, isFolder = false }: { id: string; label: string; isFolder?: boolean }) {
  const add = useAdding(id);
  const inputId = useId();
  const onChange = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(target.files ?? [])];
    // The same file can be chosen again when it has changed.
    target.value = '';
    add(readChosen(chosen));
  };
  return (
    <>
      <input
        id={inputId}
        className="hidden"
        type="file"
        multiple
        webkitdirectory={isFolder ? '' : undefined}
        onChange={onChange}
      />
      <label className="button" htmlFor={inputId}>
        {label}
      </label>
    </>
  );
}
