import '../shared/styles/index.css';
import { SessionPlugin } from 'chartroom/vue';
import { createApp } from 'vue';
import { openWorkspace } from '../shared/workspace.ts';
import App from './App.vue';
import { WORKSPACE } from './use-workspace.ts';

const workspace = await openWorkspace();
createApp(App).use(SessionPlugin, { client: workspace.client }).provide(WORKSPACE, workspace).mount('#app');
