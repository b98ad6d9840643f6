import type { ActorView } from '../actor-view.ts';
import type { JsonObject } from '../data.ts';
import type { Engine } from '../engine.ts';
import type { TraceEntry } from '../testing/trace.ts';
import { type Charts, MANAGER, SUPERVISOR } from './charts.ts';
import type { Definitions } from './definitions.ts';
import type { Looked } from './looked.ts';
import type { ActorNode, Detail } from './protocol.ts';
import { Reel } from './reel.ts';

export interface EngineLookParts {
  readonly engine: Engine;
  readonly root: ActorView;
  readonly charts: Charts;
  readonly definitions: Definitions;
}

/** The manager's own chart. */
export class EngineLook implements Looked {
  readonly reel = new Reel();
  readonly #parts: EngineLookParts;

  constructor(parts: EngineLookParts) {
    this.#parts = parts;
    const { entry, bytes } = parts.charts.standingManager();
    this.reel.push(entry, bytes);
  }

  chart(entry: TraceEntry, bytes: number): void {
    this.reel.push(entry, bytes);
  }

  definitions(): Readonly<Record<string, JsonObject>> {
    return this.#parts.definitions.all();
  }

  now(): number {
    return this.#parts.engine.time.now();
  }

  detail(): Detail {
    const { status } = this.#parts.root.getSnapshot();
    const manager = {
      actor: MANAGER,
      definition: 'manager',
      id: 'manager',
      kind: 'machine',
      status,
    } as const;
    const supervisor: ActorNode = {
      actor: SUPERVISOR,
      id: 'supervisor',
      kind: 'logic',
      status: status === 'active' ? 'active' : 'stopped',
      parent: MANAGER,
    };
    return { actors: [manager, supervisor], deadlines: [], tasks: 0, asleep: false };
  }

  /** It holds on to nothing. */
  close(): void {}
}
