/** @jsxImportSource react */
import type { SessionStatus } from 'chartroom';
import { BOX, edges, RUNNING, SIZE, states } from '../shared/session-chart.ts';
import { useMoves } from './use-moves.ts';

/** The machine of the session, with the state lit that it is in, and the transitions that led there. */
export function SessionChart({ id, status }: { id: string; status: SessionStatus }) {
  const move = useMoves(id);
  const isRunning = status === 'active' || status === 'idle';
  return (
    <>
      <svg
        className="chart"
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        role="img"
        aria-label={`The session’s statechart: it is ${status}`}
      >
        <Heads />
        <g className={isRunning ? 'running lit' : 'running'}>
          <rect {...RUNNING} rx="8" />
          <text x={RUNNING.x + 8} y={RUNNING.y + 11}>
            running
          </text>
        </g>
        {edges.map(({ id: edge, d }) => (
          <path
            key={edge}
            d={d}
            className={move.edges.includes(edge) ? 'taken' : ''}
            markerEnd={move.edges.includes(edge) ? 'url(#head-taken)' : 'url(#head)'}
          />
        ))}
        {states.map(({ id: state, name, x, y, isFinal }) => (
          <g
            key={state}
            className={name === status ? 'lit' : ''}
            transform={`translate(${x} ${y})`}
            data-state={name}
          >
            <rect {...BOX} rx="6" />
            {isFinal && (
              <rect className="inner" x="3" y="3" width={BOX.width - 6} height={BOX.height - 6} rx="4" />
            )}
            <text x={BOX.width / 2} y={BOX.height / 2 + 4}>
              {name}
            </text>
          </g>
        ))}
      </svg>
      <p className="quiet transition">{move.statuses.join(' → ')}</p>
    </>
  );
}

function Heads() {
  return (
    <defs>
      {['head', 'head-taken'].map((id) => (
        <marker
          key={id}
          id={id}
          className={id === 'head' ? '' : 'taken'}
          viewBox="0 0 8 8"
          refX="8"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0L8 4L0 8Z" />
        </marker>
      ))}
    </defs>
  );
}
