import type { Guard } from '../guard.ts';
import type { HookContext } from '../options.ts';
import { StopSignal } from '../stop-signal.ts';
import type { HookRun, SessionEntry } from './entry.ts';
import type { ScopedHandles } from './host.ts';

type Hook = (session: HookContext) => void | Promise<void>;

/** Runs the user's hooks, one at a time for each session. */
export class Hooks {
  readonly #guard: Guard;
  readonly #handles: ScopedHandles;

  constructor(guard: Guard, handles: ScopedHandles) {
    this.#guard = guard;
    this.#handles = handles;
  }

  /** Rejects with whatever the hook threw. Its context and cache work until it has settled or was aborted. */
  async run(entry: SessionEntry, kind: HookRun['kind'], hook: Hook): Promise<void> {
    const { id, metadata, llmConfig } = entry.state;
    const stop = new StopSignal();
    const run: HookRun = { kind, stop };
    entry.hook = run;
    const { context, cache } = this.#handles.during(entry, () => entry.hook === run);
    try {
      const session = { id, metadata, llmConfig, context, cache };
      await this.#guard.run(hook, stop.lend(session));
    } finally {
      if (entry.hook === run) entry.hook = undefined;
    }
  }

  abort(entry: SessionEntry): void {
    const { hook } = entry;
    entry.hook = undefined;
    hook?.stop.stop();
  }
}
