/**
 * All that is needed to write an agent down and to bring it back. Only a manager that has an agent loads it, so
 * that nobody else pays for it: import it in types, or by `import()`.
 */
export { sameJson } from '../same-json.ts';
export { restoreAgent } from './agent-restore.ts';
export { hasCompleted, persistAgent } from './agent-snapshot.ts';
export { AgentTimers } from './agent-timers.ts';
export { upgradeAgent } from './agent-version.ts';
export { AgentWatch } from './agent-watch.ts';
