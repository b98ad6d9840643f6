/** Which states and transitions of a session the runs have been through, and which not. */
import type { SessionStatus } from '../../data.ts';
import type { VerificationReport } from '../report.ts';
import { EDGES } from './model.ts';

const STATES = Object.keys(EDGES) as SessionStatus[];
/** A restart begins again where an end was. */
const RESTART = 'terminated → initializing';
const TRANSITIONS = [...STATES.flatMap((from) => EDGES[from].map((to) => `${from} → ${to}`)), RESTART];

export type Coverage = Pick<VerificationReport, 'states' | 'transitions' | 'neverTaken'>;

/** `reached`: what the runs have gone through, transitions among it. */
export function coverageOf(reached: ReadonlyMap<string, number>): Coverage {
  const transitions = TRANSITIONS.filter((transition) => reached.has(transition));
  const entered = new Set(transitions.flatMap((transition) => transition.split(' → ')));
  const states = STATES.filter((state) => entered.has(state));
  const neverTaken = [
    ...STATES.filter((state) => !entered.has(state)),
    ...TRANSITIONS.filter((transition) => !reached.has(transition)),
  ];
  return { states: [...states].sort(), transitions: [...transitions].sort(), neverTaken: neverTaken.sort() };
}
