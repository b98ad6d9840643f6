export { bundleFolder, ownVersion } from './bundle.ts';
export { type InspectorServer, type ServerOptions, startServer } from './inspector-server.ts';
