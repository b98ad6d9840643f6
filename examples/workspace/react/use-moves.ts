import { useSessionClient } from 'chartroom/react';
import { useEffect, useState } from 'react';
import { NO_MOVE, watchMoves } from '../shared/moves.ts';

/** The latest move of the session on its chart, of those that this page has seen. */
export function useMoves(id: string) {
  const client = useSessionClient();
  const [move, setMove] = useState(NO_MOVE);
  useEffect(() => watchMoves(client, id, setMove), [client, id]);
  return move;
}
