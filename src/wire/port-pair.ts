import type { Port } from './port.ts';

/** The two ends of a line within one process. A message is handed over as it is, at once. */
export function portPair(): [Port, Port] {
  const near = end(() => far);
  const far = end(() => near);
  return [near, far];
}

function end(other: () => Port): Port {
  return {
    post: (message) => other().onMessage?.(message),
    onMessage: undefined,
  };
}
