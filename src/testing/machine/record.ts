import { type AnyActorRef, type AnyStateMachine, type InspectionEvent, isMachineSnapshot } from 'xstate';
import type { Json, JsonObject } from '../../data.ts';
import type { TraceEntry, TraceStep } from '../trace.ts';
import { namer } from './nameless.ts';
import { portray } from './portrait.ts';
import { inWords, type Run, type Step, startInWords } from './step.ts';
import type { Subject } from './subject.ts';
import { World } from './world.ts';

/** One run of a machine, written down as it goes: each `advance` does one step, the first one is the start. */
export class Recording {
  readonly entries: TraceEntry[] = [];
  readonly steps: TraceStep[] = [];
  /** The run as it went, without a step whose length depends on what it met. */
  readonly done: Step[] = [];
  readonly #subject: Subject;
  readonly #run: Run;
  readonly #name = namer();
  #world: World | undefined;

  constructor(subject: Subject, run: Run) {
    this.#subject = subject;
    this.#run = run;
  }

  /** The end of the run, or a machine that has broken: nothing more will happen. */
  get isComplete(): boolean {
    const { trouble } = this.#world ?? {};
    return trouble !== undefined || this.steps.length > this.#run.steps.length;
  }

  /** Does the next step. Returns what it wrote down. */
  advance(): { readonly step: TraceStep; readonly entries: readonly TraceEntry[] } {
    const index = this.steps.length;
    const from = this.entries.length;
    const step = this.#run.steps[index - 1];
    const concrete = step && this.#concrete(step);
    const words = concrete ? inWords(concrete) : startInWords(this.#run.start);
    const traceStep = { words, atMs: this.#world?.time.now ?? 0 };
    this.steps.push(traceStep);
    if (!this.#world)
      this.#world = new World(this.#subject, this.#run.start, { inspect: (event) => this.#note(event) });
    else if (concrete) {
      this.done.push(concrete);
      this.#world.apply(concrete);
    }
    return { step: traceStep, entries: this.entries.slice(from) };
  }

  #write(entry: TraceEntry): void {
    this.entries.push(JSON.parse(this.#name(JSON.stringify(entry))) as TraceEntry);
  }

  #concrete(step: Step): Step {
    if (step.do !== 'wait' || step.ms !== 'next') return step;
    return { do: 'wait', ms: this.#world?.time.untilNext ?? 0 };
  }

  #note(inspected: InspectionEvent): void {
    const { logic } = inspected.actorRef as AnyActorRef & { readonly logic?: Partial<AnyStateMachine> };
    if (logic?.root === undefined) return;
    const chart = { definition: logic.id ?? '', actor: pathOf(inspected.actorRef as AnyActorRef) };
    const at = { step: this.steps.length - 1, atMs: this.#world?.time.now ?? 0 };
    if (inspected.type === '@xstate.event') {
      if (inspected.event.type === 'xstate.init') return;
      this.#write({ ...at, kind: 'sent', ...chart, event: portray(inspected.event) as JsonObject });
    } else if (inspected.type === '@xstate.snapshot' && isMachineSnapshot(inspected.snapshot)) {
      const { value, context, status } = inspected.snapshot;
      this.#write({
        ...at,
        kind: 'snapshot',
        ...chart,
        value: value as Json,
        status,
        context: portray(context),
      });
    }
  }
}

/** Names that two runs have in common: what XState counts actors by goes on from run to run. */
function pathOf(actor: AnyActorRef): string {
  const { _parent: parent, logic } = actor as AnyActorRef & {
    readonly _parent?: AnyActorRef;
    readonly logic: AnyStateMachine;
  };
  return parent ? `${pathOf(parent)}/${actor.id}` : logic.id;
}

/** The whole run at once. */
export function recordRun(subject: Subject, run: Run): Recording {
  const recording = new Recording(subject, run);
  do recording.advance();
  while (!recording.isComplete);
  return recording;
}
