export { absentActor, ChartSnapshot, compile } from './compile.ts';
export type {
  DeadlineEvent,
  ManagerEvent,
  SessionChartContext,
  SessionChartEvent,
  SessionChartInput,
  StatusFact,
} from './events.ts';
export { type LegalTransitions, legalTransitions } from './legal.ts';
export { managerMachine } from './manager.ts';
export { sessionMachine } from './session.ts';
export {
  createSupervisor,
  type SpawnCommand,
  type StopCommand,
  type SupervisorCommand,
  type SupervisorEffects,
  type SupervisorSnapshot,
  supervisorLogic,
} from './supervisor.ts';
