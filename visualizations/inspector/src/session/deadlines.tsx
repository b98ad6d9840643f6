import { type ReadonlySignal, useSignal } from '@preact/signals';
import { type DeadlineView, eventInWords } from 'chartroom/inspect';
import { useEffect, useRef } from 'preact/hooks';
import { formatDuration } from '../parts/format.ts';

/** What is due by itself, and in how long. Counts once a second on a clock of its own between two words of the engine's. */
export function Deadlines({
  deadlines,
  now,
}: {
  deadlines: readonly DeadlineView[];
  now: ReadonlySignal<number>;
}) {
  const tick = useSignal(0);
  const heard = useRef({ now: 0, at: 0 });
  if (heard.current.now !== now.value) heard.current = { now: now.value, at: performance.now() };
  useEffect(() => {
    const timer = setInterval(() => {
      tick.value += 1;
    }, 1000);
    return () => clearInterval(timer);
  }, [tick]);
  if (deadlines.length === 0) return <p class="muted">Nothing is due.</p>;
  // Read, so that each tick draws anew.
  const counted = tick.value < 0 ? 0 : heard.current.now + performance.now() - heard.current.at;
  return (
    <ul class="deadlines">
      {deadlines.map(({ name, dueAt, actor }) => (
        <li key={`${actor ?? ''} ${name}`}>
          <span>
            {eventInWords({ type: name })}
            {actor !== undefined && <span class="muted"> of {actor}</span>}
          </span>
          <span class="mono">{dueAt < counted ? 'overdue' : formatDuration(dueAt - counted)}</span>
        </li>
      ))}
    </ul>
  );
}
