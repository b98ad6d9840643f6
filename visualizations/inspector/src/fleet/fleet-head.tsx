import type { Live } from '../live/live.ts';
import { CHART_SECONDS, type Series } from '../live/pulse.ts';
import { formatCount, formatRate } from '../parts/format.ts';
import { Sparkline } from './sparkline.tsx';

interface Tile {
  readonly series: Series;
  readonly name: string;
  readonly unit?: string;
}

const TILES: readonly Tile[] = [
  { series: 'sessions', name: 'Sessions' },
  { series: 'facts', name: 'Facts', unit: '/s' },
  { series: 'messages', name: 'Messages', unit: '/s' },
  { series: 'crashes', name: 'Crashes', unit: '/s' },
  { series: 'pending', name: 'Calls waiting' },
];

/** Numbers of the whole engine, and how they went in the last minute. */
export function FleetHead({ live }: { live: Live }) {
  void live.pulseRevision.value;
  const { history, last } = live.pulses;
  return (
    <dl class="tiles">
      {TILES.map(({ series, name, unit }) => {
        const { values, last: value } = history[series];
        const shown = unit ? formatRate(value) : formatCount(value);
        return (
          <div class={`tile ${series === 'crashes' && value > 0 ? 'bad' : ''}`} key={series}>
            <dt>{name}</dt>
            <dd>
              <span class="tile-value">
                {last ? shown : '–'}
                {unit && <small>{unit}</small>}
              </span>
              <Sparkline values={values} length={CHART_SECONDS} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
