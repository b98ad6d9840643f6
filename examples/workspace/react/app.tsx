/** @jsxImportSource react */
import { useEffect, useState } from 'react';
import { selection } from '../shared/selection.ts';
import { Announcer } from './announcer.tsx';
import { DropZone } from './drop-zone.tsx';
import { Notices } from './notices.tsx';
import { Session } from './session.tsx';
import { SessionList } from './session-list.tsx';
import { TopBar } from './top-bar.tsx';
import { useValue, useWorkspace } from './use-workspace.ts';
import { Welcome } from './welcome.tsx';

/** On a narrow screen the list, or the details, come in from the side; one of them at a time. */
export type Drawer = 'list' | 'details' | undefined;

export function App() {
  const id = useValue(selection);
  const { digests } = useWorkspace();
  const [drawer, setDrawer] = useState<Drawer>();

  useEffect(() => digests.look(id), [digests, id]);
  // Whoever has chosen a session wants to see it.
  useEffect(() => setDrawer((open) => (open === 'list' && id ? undefined : open)), [id]);
  useEffect(() => {
    const close = ({ key }: KeyboardEvent) => key === 'Escape' && setDrawer(undefined);
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, []);

  return (
    <DropZone id={id}>
      <TopBar drawer={drawer} onDrawer={setDrawer} />
      <Notices />
      <SessionList selected={id} isOpen={drawer === 'list'} onClose={() => setDrawer(undefined)} />
      {id === undefined ? <Welcome /> : <Session key={id} id={id} drawer={drawer} onDrawer={setDrawer} />}
      <Announcer id={id} />
    </DropZone>
  );
}
