/**
 * The parts of the engine that are loaded when they are first needed, so that nobody else pays for them. Import from
 * their files in types, or through here.
 */
export const later = {
  /** For a manager that has an agent; loaded when it opens. */
  agents: () => import('./session/agents.ts'),
  /** For a store with something in it: sessions that are there already, that may sleep, or that are saved. */
  stored: () => import('./stored.ts'),
  /** For caches; loaded with the first use of one, and where there are hooks or an agent, which are given theirs. */
  cache: () => import('./session/cache.ts'),
};
