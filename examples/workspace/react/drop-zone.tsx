/** @jsxImportSource react */
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { readDrop } from '../shared/dropped.ts';
import { useAdding } from './use-adding.ts';

/** Takes files that are dropped anywhere on the page. */
export function DropZone({ id, children }: { id: string | undefined; children: ReactNode }) {
  const add = useAdding(id);
  const [isOver, setOver] = useState(false);
  /** Every element that is crossed is entered, and left again. */
  const depth = useRef(0);
  const cross = (by: 1 | -1) => (event: DragEvent) => {
    if (!bringsFiles(event)) return;
    depth.current += by;
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    add(readDrop(event.dataTransfer));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the file inputs are the way in by keyboard.
    <div
      className={isOver ? 'app dropping' : 'app'}
      onDragEnter={cross(1)}
      onDragLeave={cross(-1)}
      onDragOver={(event) => bringsFiles(event) && event.preventDefault()}
      onDrop={drop}
    >
      {children}
    </div>
  );
}

/** Text that is dragged goes where it always goes: into the question. */
function bringsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes('Files');
}
