/** @jsxImportSource react */
import { useValue, useWorkspace } from './use-workspace.ts';

/** What went wrong, and what can be done about it. */
export function Notices() {
  const { notices, shelf, storage, tabs } = useWorkspace();
  const texts = useValue(notices);
  const advice = [useValue(storage).advice ?? shelf.trouble, useValue(tabs).advice];
  return (
    <div className="notices" role="status" aria-label="Notices">
      {advice.map(
        (each) =>
          each !== undefined && (
            <p key={each} className="notice">
              {each}
            </p>
          ),
      )}
      {texts.length > 0 && (
        <div className="notice bad">
          <ul>
            {texts.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          <button type="button" className="button" onClick={notices.dismiss}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
