/** @jsxImportSource react */
import { useSession } from 'chartroom/react';
import { useEffect } from 'react';
import type { Drawer } from './app.tsx';
import { Conversation } from './conversation.tsx';
import { Details } from './details.tsx';
import { EndedSession } from './ended-session.tsx';

interface Props {
  readonly id: string;
  readonly drawer: Drawer;
  readonly onDrawer: (drawer: Drawer) => void;
}

/** The session that is looked at, as long as it lives and when it has ended. */
export function Session({ id, drawer, onDrawer }: Props) {
  const { status, info } = useSession(id);
  useEffect(() => {
    // What can be done for a session that has ended stands under the drawer.
    if (status === 'error') onDrawer(undefined);
    // What had the focus may have gone with the session, or with its end.
    if (document.activeElement === document.body) document.querySelector('main')?.focus();
  }, [status, onDrawer]);
  if (status === 'loading') return <main className="talk" aria-busy="true" />;
  return (
    <>
      {info ? <Conversation info={info} drawer={drawer} onDrawer={onDrawer} /> : <EndedSession id={id} />}
      <Details id={id} info={info} isOpen={drawer === 'details'} onClose={() => onDrawer(undefined)} />
    </>
  );
}
