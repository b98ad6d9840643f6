export { openInspector, type PageInspector } from './open-inspector.ts';
export type { OpenInspectorOptions } from './page-options.ts';
export type { Greeting, LineSignal } from './wire.ts';
