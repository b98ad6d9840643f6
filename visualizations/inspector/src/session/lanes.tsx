import type { SequenceRow } from 'chartroom/inspect';

/** In percent, of the middle of a lane. */
function middleOf(lane: number, count: number): number {
  return (100 * (lane + 0.5)) / count;
}

export function LaneNames({ lanes }: { lanes: readonly string[] }) {
  return (
    <div class="lane-names" aria-hidden="true">
      <div class="lanes">
        {lanes.map((lane) => (
          <span key={lane} title={lane}>
            {lane}
          </span>
        ))}
      </div>
    </div>
  );
}

export function LaneLines({ count }: { count: number }) {
  return (
    <div class="lanes lines" aria-hidden="true">
      {Array.from({ length: count }, (_, lane) => (
        <span key={lane} />
      ))}
    </div>
  );
}

/** A message from one lane to another, or what happens within one. Its ends are said, for those who do not see them. */
export function Arrow({ row, lanes }: { row: SequenceRow; lanes: readonly string[] }) {
  const from = Math.max(0, lanes.indexOf(row.from));
  const to = Math.max(0, lanes.indexOf(row.to));
  const left = Math.min(from, to);
  const span = Math.abs(to - from);
  const start = middleOf(left, lanes.length);
  const isLate = left + span / 2 > (lanes.length - 1) / 2;
  const ends = row.from === row.to ? `${row.to}: ` : `${row.from} to ${row.to}: `;
  const width = (100 * span) / lanes.length;
  const room = isLate ? start + width : 100 - start;
  const style =
    span > 0
      ? { left: `${start}%`, width: `${width}%` }
      : isLate
        ? { right: `${100 - start}%` }
        : { left: `${start}%` };
  // Long words go on beyond the arrow, as far as there is room.
  const most = span > 0 ? { maxWidth: `calc(${(100 * room) / width}% - 12px)` } : {};
  return (
    <span class="lanes message-lanes">
      <span
        class={`arrow ${row.kind} ${span === 0 ? 'inside' : to > from ? 'right' : 'left'} ${row.failed ? 'failed' : ''} ${isLate ? 'late' : ''}`}
        style={style}
      >
        <span class="arrow-words" style={most} title={row.words}>
          <span class="sr-only">{ends}</span>
          {row.words}
        </span>
      </span>
    </span>
  );
}
