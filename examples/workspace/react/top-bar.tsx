/** @jsxImportSource react */
import type { Drawer } from './app.tsx';
import { useValue, useWorkspace } from './use-workspace.ts';
import { Views } from './views.tsx';

interface Props {
  readonly drawer: Drawer;
  readonly onDrawer: (drawer: Drawer) => void;
}

export function TopBar({ drawer, onDrawer }: Props) {
  const { inspect, notices, fallen } = useWorkspace();
  const { length } = useValue(fallen);
  return (
    <header className="top">
      <button
        type="button"
        className="button toggle for-list"
        aria-expanded={drawer === 'list'}
        aria-controls="sessions"
        onClick={() => onDrawer(drawer === 'list' ? undefined : 'list')}
      >
        Sessions
        {length > 0 && (
          <span className="failed">
            {` ▲ ${length}`}
            <span className="hidden"> in trouble</span>
          </span>
        )}
      </button>
      <h1>Workspace</h1>
      <Views />
      <div className="states">
        <State of="storage" />
        <State of="tabs" />
      </div>
      <button
        type="button"
        className="button"
        onClick={() => inspect().catch((error) => notices.add(String(error)))}
      >
        Open inspector
      </button>
    </header>
  );
}

/** Where the sessions are kept, and which tab runs them. */
function State({ of }: { of: 'storage' | 'tabs' }) {
  const { kind, words } = useValue(useWorkspace()[of]);
  return <span className={`state ${kind}`}>{words}</span>;
}
