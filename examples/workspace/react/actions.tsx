/** @jsxImportSource react */
import type { SessionInfo } from 'chartroom';
import { useSessionActions } from 'chartroom/react';
import { useRef } from 'react';
import { nameOf } from '../shared/names.ts';
import { select } from '../shared/selection.ts';

/** Two ways to end a session: for good, or as an accident would. */
export function Actions({ info }: { info: SessionInfo }) {
  const { terminate, kill, error } = useSessionActions(info.id);
  const dialog = useRef<HTMLDialogElement>(null);
  const end = async () => {
    dialog.current?.close();
    try {
      await terminate();
      select(undefined);
    } catch {
      // It is in `error`.
    }
  };
  return (
    <section aria-labelledby="end-heading">
      <h2 id="end-heading">End it</h2>
      <div className="buttons">
        <button type="button" className="button" onClick={() => dialog.current?.showModal()}>
          Terminate…
        </button>
        <button type="button" className="button bad" onClick={() => kill('killed at the workspace')}>
          Kill
        </button>
      </div>
      <p className="quiet">Kill ends it as a crash would. It can be recovered.</p>
      {error && <p className="notice bad">{error.message}</p>}
      <dialog ref={dialog} aria-labelledby="terminate-heading">
        <h2 id="terminate-heading">{`Terminate ${nameOf(info)}?`}</h2>
        <p>Its conversation and its files are deleted, and do not come back.</p>
        <form method="dialog" className="buttons">
          <button type="submit" className="button">
            Keep it
          </button>
          <button type="button" className="button bad primary" onClick={end}>
            Terminate
          </button>
        </form>
      </dialog>
    </section>
  );
}
