import type { SessionStatus } from 'chartroom';

/** A shape for each status, so that none is told apart by its colour alone. */
const SHAPES: Readonly<Record<SessionStatus, string>> = {
  initializing: 'M6 1.5a4.5 4.5 0 0 1 4.5 4.5',
  active: 'M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z',
  idle: 'M6 2a4 4 0 1 0 0 8a4 4 0 0 0 0-8z',
  terminating: 'M6 1.5L11 10.5H1z',
  terminated: 'M2 2h8v8H2z',
};

const FILLED: ReadonlySet<SessionStatus> = new Set(['active', 'terminating', 'terminated']);

export function StatusMark({ status, asleep = false }: { status: SessionStatus; asleep?: boolean }) {
  return (
    <span class={`status ${status}`}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        {status === 'initializing' && (
          <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5" opacity=".35" />
        )}
        <path
          d={SHAPES[status]}
          fill={FILLED.has(status) ? 'currentColor' : 'none'}
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linejoin="round"
          stroke-linecap="round"
        />
      </svg>
      {status}
      {asleep && <span class="chip">asleep</span>}
    </span>
  );
}
