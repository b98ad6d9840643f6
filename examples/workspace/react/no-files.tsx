/** @jsxImportSource react */
import type { SessionInfo } from 'chartroom';
import { QUESTIONS } from '../shared/samples.ts';
import { FileChoice } from './file-choice.tsx';
import { SampleFiles } from './sample-files.tsx';

/** What to do in a session in which nothing has been asked. */
export function NoFiles({ info: { id, activeFileCount } }: { info: SessionInfo }) {
  if (activeFileCount > 0)
    return (
      <div className="empty">
        <h2>{activeFileCount === 1 ? 'One file is here' : `${activeFileCount} files are here`}</h2>
        <p>Ask what is written in them: the librarian finds the lines, and says where they stand.</p>
        <p className="quiet">{`With the sample files, for instance: “${QUESTIONS[0]}”`}</p>
      </div>
    );
  return (
    <div className="empty">
      <h2>Drop files here</h2>
      <p>Text of any kind, or a folder of it: notes, source code, tables. They stay in this browser.</p>
      <div className="buttons">
        <FileChoice id={id} />
        <SampleFiles id={id} />
      </div>
    </div>
  );
}
