/** @jsxImportSource react */
import type { SessionInfo } from 'chartroom';
import { useSessionActions, useSessionSelector } from 'chartroom/react';
import { FileChoice } from './file-choice.tsx';
import { SampleFiles } from './sample-files.tsx';

export function FileList({ info: { id, activeFileCount, messageCount } }: { info: SessionInfo }) {
  const { removeFile } = useSessionActions(id);
  const files = useSessionSelector(id, (state) => state.files);
  return (
    <section aria-labelledby="files-heading">
      <h2 id="files-heading">
        Active files <span className="quiet">{activeFileCount}</span>
      </h2>
      {activeFileCount === 0 && <p className="quiet">None yet. Drop some anywhere on this page.</p>}
      <ul className="files" aria-labelledby="files-heading">
        {files.map(({ path }) => (
          <li key={path}>
            <span className="path">{path}</span>
            <button type="button" aria-label={`Remove ${path}`} onClick={() => removeFile(path)}>
              ✕
            </button>
          </li>
        ))}
      </ul>
      <div className="buttons">
        <FileChoice id={id} />
        {/* Before anything was said they are offered in the conversation. */}
        {activeFileCount === 0 && messageCount > 0 && <SampleFiles id={id} />}
      </div>
    </section>
  );
}
