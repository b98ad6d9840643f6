/** Steps by name, for sequences that are written down. After each the event loop turns, unless it is `soon`. */
import { PLAIN_PLAN } from './reactions.ts';
import type { AgentAct, Call, Command, Fault, Plan, Step } from './scenario.ts';

export const act = (command: Command): Step => ({ command, turn: true });

/** What comes next starts in the same turn. */
export const soon = ({ command }: Step): Step => ({ command, turn: false });

export const times = (n: number, step: Step): Step[] => Array.from({ length: n }, () => step);

export const ask = (id: string, call: Call): Step => act({ do: 'call', id, call, viaHandle: false });

export const create = (id: string, plan: Plan = PLAIN_PLAN): Step => ask(id, { kind: 'create', plan });

export const send = (id: string, key: string | null = null, tokens = 1): Step =>
  ask(id, { kind: 'send', key, tokens });

export const dispatch = (id: string, what: AgentAct): Step => ask(id, { kind: 'dispatch', act: what });

export const advance = (ms: number): Step => act({ do: 'advance', ms });

export const fault = (what: Fault['what'], late: boolean): Step =>
  act({ do: 'fault', fault: { what, times: 1, late, landed: false } });

export const touch = (path: string): Step => act({ do: 'touch', path });

export const rest: Step = act({ do: 'quiesce' });
export const tick: Step = act({ do: 'tick' });
export const back: Step = act({ do: 'recover', spoils: null });
