import { openWorkspace } from '../shared/workspace.ts';
import { mount } from './mount.tsx';

const root = document.getElementById('app');
if (root) mount(await openWorkspace(), root);
