import { createSessionManager } from 'chartroom';
import { chartOf } from 'chartroom/diagram';
import { sessionMachine } from 'chartroom/machines';
import { expect, it } from 'vitest';
import { type Move, watchMoves } from '../../examples/workspace/shared/moves.ts';
import { edgeBetween, edges, SIZE, states } from '../../examples/workspace/shared/session-chart.ts';

it('draws the five states of a session, and every transition between them', () => {
  expect(states.map(({ name }) => name).sort()).toEqual([
    'active',
    'idle',
    'initializing',
    'terminated',
    'terminating',
  ]);
  const drawn = edges.map(({ id }) => id);
  const leading = chartOf(sessionMachine).edges.filter(({ targets }) => targets.length > 0);
  expect(drawn).toEqual(leading.map(({ id }) => id));
  for (const { x, y } of states) expect(x + 84 <= SIZE.width && y + 28 <= SIZE.height).toBe(true);
});

it('knows the transition between two statuses, also where it leads into or out of the state around', () => {
  const between = (a: Parameters<typeof edgeBetween>[0], b: Parameters<typeof edgeBetween>[0]) => {
    const edge = edges.find(({ id }) => id === edgeBetween(a, b));
    return edge && `${edge.source} → ${edge.target}`;
  };
  expect(between('initializing', 'active')).toBe('initializing → running');
  expect(between('active', 'idle')).toBe('running.active → running.idle');
  expect(between('idle', 'active')).toBe('running.idle → running.active');
  expect(between('idle', 'terminating')).toBe('running → terminating');
  expect(between('terminating', 'terminated')).toBe('terminating → terminated');
  expect(between('terminated', 'initializing')).toBeUndefined();
});

it('a kill is one move, of two transitions', async () => {
  await using sessions = createSessionManager();
  const session = await sessions.createSession();
  const moves: Move[] = [];
  const stop = watchMoves(sessions, session.id, (move) => moves.push(move));
  await session.kill();
  expect(moves.at(-1)?.statuses).toEqual(['active', 'terminating', 'terminated']);
  expect(moves.at(-1)?.edges).toHaveLength(2);
  stop();
});
