/** @jsxImportSource react */
import type { SessionInfo } from 'chartroom';
import { Actions } from './actions.tsx';
import { CloseDrawer } from './close-drawer.tsx';
import { FileList } from './file-list.tsx';
import { SessionChart } from './session-chart.tsx';

interface Props {
  readonly id: string;
  /** Undefined of a session that has ended. */
  readonly info: SessionInfo | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function Details({ id, info, isOpen, onClose }: Props) {
  return (
    <aside id="details" className={isOpen ? 'details open' : 'details'} aria-label="Details of the session">
      <CloseDrawer of="details" onClose={onClose} />
      <section aria-labelledby="status-heading">
        <h2 id="status-heading">Status</h2>
        <SessionChart id={id} status={info?.status ?? 'terminated'} />
      </section>
      {info && <FileList info={info} />}
      {info && <Actions info={info} />}
    </aside>
  );
}
