/**
 * The parts of the engine that are loaded when they are first needed, so that nobody else pays for them. Import from
 * their files in types, or through here.
 */
export const later = {
  /** What a manager with an agent needs; loaded when it opens. */
  agents: () => import('./session/agents.ts'),
};
