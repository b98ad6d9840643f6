/** The trace of a run through a client. */
import type { AnyStateMachine } from 'xstate';
import { managerMachine, sessionMachine } from '../../../machines/index.ts';
import type { Json, JsonObject } from '../../data.ts';
import { definitionOf } from '../definition.ts';
import { TRACE_FORMAT, TRACE_VERSION, type Trace, type TraceFailure } from '../trace.ts';
import type { RunRecord } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import { asJson } from './tape.ts';
import type { Violation } from './violation.ts';

export interface TraceSource {
  readonly name: string;
  readonly seed: number;
  readonly path: string;
  readonly subject: Subject;
  readonly scenario: Scenario;
  readonly record: RunRecord;
  readonly violation?: Violation;
}

export function traceOf({ name, seed, path, subject, scenario, record, violation }: TraceSource): Trace {
  const { steps, entries } = record.tape;
  const failure: TraceFailure | undefined = violation && {
    invariant: violation.invariant,
    message: violation.message,
    step: Math.max(0, steps.length - 1),
    entries: entries.length,
  };
  return {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    kind: 'client',
    subject: name,
    seed,
    path,
    definitions: definitionsOf(subject),
    steps,
    entries,
    ...(failure && { failure }),
    run: asJson(scenario) as Json,
  };
}

function definitionsOf({ agent }: Subject): Record<string, JsonObject> {
  const own = agent && 'root' in agent ? { agent: definitionOf(agent as AnyStateMachine) } : {};
  return {
    manager: definitionOf(managerMachine),
    session: definitionOf(sessionMachine),
    ...own,
  };
}
