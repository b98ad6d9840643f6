/** @jsxImportSource react */
import { samples } from '../shared/samples.ts';
import { useAdding } from './use-adding.ts';

/** For whoever has no files at hand. */
export function SampleFiles({ id }: { id: string }) {
  const add = useAdding(id);
  return (
    <button type="button" className="button" onClick={() => add(samples)}>
      Use sample files
    </button>
  );
}
