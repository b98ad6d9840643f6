import { stateInWords } from 'chartroom/inspect';
import type { ActorRow } from './actors.ts';

/** More than anybody reads. */
const MOST_ROWS = 400;

/** Every actor under its parent; those that are charts can be chosen. */
export function ActorTree(props: {
  rows: readonly ActorRow[];
  chosen: ActorRow | undefined;
  isNow: boolean;
  hasDetail: boolean;
  choose(row: ActorRow): void;
}) {
  const { rows, chosen, isNow, hasDetail, choose } = props;
  if (rows.length === 0)
    return (
      <p class="empty">
        <strong>No actor yet</strong>Go forward to the first entry that tells of one.
      </p>
    );
  return (
    <div class="sections">
      {hasDetail && !isNow && (
        <p class="muted">Charts are shown as they were then. Other actors come and go unrecorded.</p>
      )}
      <ul class="actors" aria-label="Actors">
        {rows.slice(0, MOST_ROWS).map((row) => (
          <li key={row.key} style={{ paddingInlineStart: `${row.depth * 16}px` }}>
            {row.chart ? (
              <button
                type="button"
                aria-pressed={row.key === chosen?.key}
                title={row.actor}
                onClick={() => choose(row)}
              >
                {row.name}
              </button>
            ) : (
              <span title={row.actor}>{row.name}</span>
            )}
            {row.chart && row.chart.definition !== row.name && (
              <span class="muted">{row.chart.definition}</span>
            )}
            {!row.chart && <span class="muted">{row.kind}</span>}
            <span class="spread" />
            {row.chart?.value !== undefined && <span class="mono">{stateInWords(row.chart.value)}</span>}
            <span class={`badge ${toneOf(row.status)}`}>{row.status}</span>
          </li>
        ))}
      </ul>
      {rows.length > MOST_ROWS && <p class="muted">{rows.length - MOST_ROWS} more are not listed.</p>}
    </div>
  );
}

function toneOf(status: string): string {
  if (status === 'active') return 'ok';
  return status === 'error' ? 'bad' : '';
}
