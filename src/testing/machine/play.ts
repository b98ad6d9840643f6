import type { AnyMachineSnapshot } from 'xstate';
import { namer } from './nameless.ts';
import { excerpt, portray } from './portrait.ts';
import type { Run } from './step.ts';
import type { Subject } from './subject.ts';
import { type Trouble, World, type WorldOptions } from './world.ts';

/** One run, played to its end or to where it broke. */
export interface Played {
  readonly world: World;
  /** How the machine looked at the start and after each step, as JSON text. */
  readonly portraits: readonly string[];
  readonly trouble?: { readonly step: number; readonly trouble: Trouble };
  /** The user's own invariant that did not hold. */
  readonly violation?: { readonly step: number; readonly invariant: string; readonly reason: string };
}

export interface PlayOptions {
  /** Does the run's saves; otherwise they are left out. */
  readonly saves: boolean;
  readonly inspect?: WorldOptions['inspect'] | undefined;
  /** Asks the user's own invariants. */
  readonly invariants?: boolean;
  /** Called at the start, which is 0, and after each step. */
  readonly onStep?: (step: number, world: World) => void;
}

export function play(subject: Subject, run: Run, options: PlayOptions): Played {
  const portraits: string[] = [];
  const name = namer();
  let violation: Played['violation'];
  const at = () => portraits.length;
  const onSnapshot = (snapshot: AnyMachineSnapshot) => {
    if (violation || snapshot.status === 'error') return;
    const found = firstViolation(subject, snapshot);
    if (found) violation = { step: at(), ...found };
  };
  const world = new World(subject, run.start, {
    ...(options.inspect && { inspect: options.inspect }),
    ...(options.invariants && subject.invariants.length > 0 && { onSnapshot }),
  });
  for (let step = 0; ; step += 1) {
    portraits.push(name(JSON.stringify(world.portrait())));
    options.onStep?.(step, world);
    const { trouble } = world;
    if (trouble) return { world, portraits, trouble: { step, trouble }, ...(violation && { violation }) };
    if (violation) return { world, portraits, violation };
    const next = run.steps[step];
    if (!next) return { world, portraits };
    if (options.saves || next.do !== 'save') world.apply(next);
  }
}

function firstViolation(
  { invariants }: Subject,
  snapshot: AnyMachineSnapshot,
): { readonly invariant: string; readonly reason: string } | undefined {
  for (const [invariant, holds] of invariants) {
    const where = `in ${excerpt(snapshot.value)} with context ${excerpt(portray(snapshot.context))}`;
    try {
      const answer: unknown = holds(snapshot);
      if (answer instanceof Promise) {
        answer.catch(() => {});
        return {
          invariant,
          reason: 'it answers with a promise; it has to answer at once, with true or false',
        };
      }
      if (!answer) return { invariant, reason: `it does not hold ${where}` };
    } catch (error) {
      return { invariant, reason: `asked ${where} it threw ${String(error)}` };
    }
  }
  return undefined;
}
