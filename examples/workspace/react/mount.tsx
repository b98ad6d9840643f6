/** @jsxImportSource react */
import '../shared/styles/index.css';
import { SessionProvider } from 'chartroom/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Workspace } from '../shared/workspace.ts';
import { App } from './app.tsx';
import { WorkspaceContext } from './use-workspace.ts';

export function mount(workspace: Workspace, element: Element): void {
  createRoot(element).render(
    <StrictMode>
      <WorkspaceContext value={workspace}>
        <SessionProvider client={workspace.client}>
          <App />
        </SessionProvider>
      </WorkspaceContext>
    </StrictMode>,
  );
}
