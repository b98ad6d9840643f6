/** @jsxImportSource solid-js */
import '../shared/styles/index.css';
import { SessionProvider } from 'chartroom/solid';
import { render } from 'solid-js/web';
import { openWorkspace } from '../shared/workspace.ts';
import { App } from './app.tsx';

const workspace = await openWorkspace();
const root = document.getElementById('app');
if (root)
  render(
    () => (
      <SessionProvider client={workspace.client}>
        <App workspace={workspace} />
      </SessionProvider>
    ),
    root,
  );
