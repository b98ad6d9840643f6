/** @jsxImportSource react */
import type { Notices as Told } from '../shared/notices.ts';
import { useValue, useWorkspace } from './use-workspace.ts';

/** What went wrong, and what can be done about it; and what is good to know. */
export function Notices() {
  const { notices, hints, shelf, storage, tabs } = useWorkspace();
  const advice = [useValue(storage).advice ?? shelf.trouble, useValue(tabs).advice];
  return (
    <div className="notices">
      <div role="status" aria-label="Notices">
        {advice.map(
          (each) =>
            each !== undefined && (
              <p key={each} className="notice">
                {each}
              </p>
            ),
        )}
        <Notice told={hints} kind="hint" />
      </div>
      <div role="alert" aria-label="Failures">
        <Notice told={notices} kind="bad" />
      </div>
    </div>
  );
}

/** Stays until it is dismissed. */
function Notice({ told, kind }: { told: Told; kind: 'hint' | 'bad' }) {
  const texts = useValue(told);
  if (texts.length === 0) return null;
  return (
    <div className={`notice ${kind}`}>
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <button type="button" className="button" onClick={told.dismiss}>
        Dismiss
      </button>
    </div>
  );
}
