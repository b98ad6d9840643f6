import type { SessionClient, SessionStatus } from 'chartroom';
import { edgeBetween } from './session-chart.ts';

/** What comes closer together than this, in milliseconds, is shown as one move: a kill takes two transitions. */
const ONE_MOVE_MS = 300;

/** A move of a session on its chart. */
export interface Move {
  /** Ids of the edges that were taken. */
  readonly edges: readonly string[];
  /** Where it was, and where it went. */
  readonly statuses: readonly SessionStatus[];
}

export const NO_MOVE: Move = { edges: [], statuses: [] };

/** Tells each move, until the function that it gives is called. */
export function watchMoves(client: SessionClient<never>, id: string, tell: (move: Move) => void): () => void {
  let move = NO_MOVE;
  let movedAt = 0;
  return client.subscribeToSession(
    id,
    ({ status, previousStatus, at }) => {
      const goesOn = Date.parse(at) - movedAt < ONE_MOVE_MS;
      movedAt = Date.parse(at);
      const { edges, statuses } = goesOn ? move : { edges: [], statuses: [previousStatus] };
      const edge = edgeBetween(previousStatus, status);
      move = { edges: edge === undefined ? edges : [...edges, edge], statuses: [...statuses, status] };
      tell(move);
    },
    { types: ['session_status'] },
  );
}
