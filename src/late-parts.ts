import type { Timekeeper } from './clock.ts';
import type { Engine } from './engine.ts';
import { Late } from './late.ts';
import { later } from './later.ts';
import type { ScopedHandles } from './session/host.ts';
import type { Settings } from './settings.ts';
import type { StoreLease } from './store/port.ts';
import type { StoredParts } from './stored.ts';

/** What the parts that are loaded later are to work with. */
export interface LateParts extends StoredParts {
  readonly handles: ScopedHandles;
  readonly lease: StoreLease;
}

/** The parts of one manager that are loaded later. `parts` resolves once the store is open, and rejects when it is not. */
export function lateParts(
  settings: Settings,
  time: Timekeeper,
  parts: () => Promise<LateParts>,
): Pick<Engine, 'agents' | 'stored' | 'newCache'> {
  return {
    agents: new Late(async () => {
      const { Agents } = await later.agents();
      const { engine, lifecycle, handles, lease } = await parts();
      return new Agents(engine, lifecycle, handles, lease.volatile === true);
    }),
    stored: new Late(async () => {
      const { Stored } = await later.stored();
      const { lease, ...others } = await parts();
      return new Stored(others, lease);
    }),
    newCache: new Late(async () => {
      const { CacheScope } = await later.cache();
      const { files, limits } = settings;
      const now = () => time.now();
      const options = { maxBytes: limits.cacheBytes, files, now, isoNow: () => time.iso() };
      return () => new CacheScope(options);
    }),
  };
}
