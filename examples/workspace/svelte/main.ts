import '../shared/styles/index.css';
import { mount } from 'svelte';
import { openWorkspace } from '../shared/workspace.ts';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target, props: { workspace: await openWorkspace() } });
