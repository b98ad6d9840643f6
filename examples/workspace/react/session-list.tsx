/** @jsxImportSource react */
import type { SessionInfo } from 'chartroom';
import { useSessions } from 'chartroom/react';
import { memo } from 'react';
import { type Fallen, fateOf } from '../shared/fallen.ts';
import { nameOf } from '../shared/names.ts';
import { select } from '../shared/selection.ts';
import { CloseDrawer } from './close-drawer.tsx';
import { useNewSession } from './use-new-session.ts';
import { useValue, useWorkspace } from './use-workspace.ts';

interface Props {
  readonly selected: string | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function SessionList({ selected, isOpen, onClose }: Props) {
  const { status, sessions } = useSessions();
  const fallen = useValue(useWorkspace().fallen);
  const { begin, pending, error } = useNewSession();
  return (
    <nav
      id="sessions"
      className={isOpen ? 'list open' : 'list'}
      aria-label="Sessions"
      aria-busy={status === 'loading'}
    >
      <header>
        <CloseDrawer of="list" onClose={onClose} />
        <button type="button" className="button primary" onClick={begin} disabled={pending}>
          New session
        </button>
        {error && <p className="failed">{error.message}</p>}
      </header>
      <div className="rows">
        {fallen.length > 0 && <h2 id="in-trouble">In trouble</h2>}
        {fallen.length > 0 && (
          <ul aria-labelledby="in-trouble">
            {fallen.map((each) => (
              <li key={each.id}>
                <FallenRow fallen={each} isSelected={each.id === selected} />
              </li>
            ))}
          </ul>
        )}
        {sessions.length > 0 && <h2 id="all-sessions">{`Sessions (${sessions.length})`}</h2>}
        <ul aria-labelledby={sessions.length > 0 ? 'all-sessions' : undefined}>
          {sessions.toReversed().map((info) => (
            <li key={info.id}>
              <SessionRow info={info} isSelected={info.id === selected} />
            </li>
          ))}
        </ul>
      </div>
    </nav>
  );
}

interface RowProps {
  readonly info: SessionInfo;
  readonly isSelected: boolean;
}

const SessionRow = memo(function SessionRow({ info, isSelected }: RowProps) {
  const { lastLine, unread, answering } = useValue(useWorkspace().digests.of(info.id));
  const says = answering ? 'answering' : unread ? 'new answer' : info.status;
  return (
    <button
      type="button"
      className={unread ? 'row unread' : 'row'}
      aria-current={isSelected ? 'page' : undefined}
      onClick={() => select(info.id)}
    >
      <span className={`dot ${answering ? 'answering' : info.status}`} />
      <span className="name">{nameOf(info)}</span>
      <span className="says">{says}</span>
      <span className="last">{lastLine || 'Nothing asked yet'}</span>
    </button>
  );
});

function FallenRow({ fallen, isSelected }: { fallen: Fallen; isSelected: boolean }) {
  return (
    <button
      type="button"
      className="row fallen"
      aria-current={isSelected ? 'page' : undefined}
      onClick={() => select(fallen.id)}
    >
      <span className="dot fallen" />
      <span className="name">{nameOf(fallen)}</span>
      <span className="says">{fallen.reason ?? 'ended'}</span>
      <span className="last">{`It ${fateOf(fallen.reason)}. Recover it`}</span>
    </button>
  );
}
