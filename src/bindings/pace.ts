import { nextMacrotask } from '../macrotask.ts';

/** The longest wait for a frame, in milliseconds: a page that nobody sees draws none. */
const UNSEEN_FRAME_MS = 100;

/** A view that may have changed. */
export interface Changing {
  /** Makes the view what it has become by now; whether that is another. */
  commit(): boolean;
  tell(): void;
}

const asks = new Set<() => void>();
const changing = new Set<Changing>();
let due = false;
let pausing = false;

/** Calls `ask` in the next turn, once however often it is given. */
export function askSoon(ask: () => void): void {
  asks.add(ask);
  wake();
}

/**
 * Commits and tells in the next turn, all that change in this one together, so that no two views disagree when
 * somebody looks. Where frames are drawn it happens at most once for each: a fast stream costs no more than is seen.
 */
export function changeSoon(view: Changing): void {
  changing.add(view);
  wake();
}

function wake(): void {
  if (due) return;
  due = true;
  if (!pausing) nextMacrotask(run);
}

function run(): void {
  due = false;
  pauseUntilFrame();
  const failures: unknown[] = [];
  const attempt = (task: () => void) => {
    try {
      task();
    } catch (error) {
      failures.push(error);
    }
  };
  for (const ask of drain(asks)) attempt(ask);
  const changed = drain(changing).filter((view) => view.commit());
  for (const view of changed) attempt(() => view.tell());
  // Everybody has been told; what a listener threw is its author's to see.
  if (failures.length > 0) throw failures[0];
}

function drain<T>(set: Set<T>): T[] {
  const items = [...set];
  set.clear();
  return items;
}

function pauseUntilFrame(): void {
  if (typeof requestAnimationFrame !== 'function') return;
  pausing = true;
  let over = false;
  const goOn = () => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    pausing = false;
    if (due) run();
  };
  const timer = setTimeout(goOn, UNSEEN_FRAME_MS);
  const frame = requestAnimationFrame(goOn);
}
