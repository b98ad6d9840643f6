import { signal } from '@preact/signals';
import { formatCount } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { hrefOf, type Route } from '../route.ts';
import { route } from './address.ts';
import { useApp } from './app-state.ts';
import { ConnectionMark } from './connection-mark.tsx';
import { setTheme, THEMES, theme } from './theme.ts';

export const helpIsOpen = signal(false);

interface Place {
  readonly name: string;
  readonly icon: IconName;
  readonly to: Route;
  readonly views: readonly Route['view'][];
  readonly count?: number;
}

export function Rail() {
  const app = useApp();
  const { view } = route.value;
  return (
    <header class="rail">
      <p class="brand">
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <rect x="1" y="1" width="18" height="18" rx="5" fill="var(--accent-fill)" />
          <path
            d="M5 13.5V9.5a2 2 0 0 1 2-2h5.5M10 5l2.5 2.5L10 10"
            fill="none"
            stroke="var(--on-accent)"
            stroke-width="1.7"
            stroke-linecap="round"
            stroke-linejoin="round"
          />
          <circle cx="14.5" cy="13.5" r="2" fill="var(--on-accent)" />
        </svg>
        <span>chartroom</span>
      </p>
      <nav aria-label="Views">
        <ul>
          {usePlaces().map(({ name, icon, to, views, count }) => (
            <li key={name}>
              <a href={hrefOf(to)} aria-current={views.includes(view) ? 'page' : undefined}>
                <Icon name={icon} />
                <span>{name}</span>
                {count !== undefined && count > 0 && <span class="count">{formatCount(count)}</span>}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="rail-foot">
        {app.live && <ConnectionMark live={app.live} />}
        <ThemeButton />
        <button
          type="button"
          class="icon-button"
          aria-label="Keyboard help"
          title="Keyboard help (?)"
          onClick={() => {
            helpIsOpen.value = true;
          }}
        >
          <Icon name="keyboard" />
        </button>
      </div>
    </header>
  );
}

function usePlaces(): Place[] {
  const { live, opener, trace, home } = useApp();
  const opened = { moment: 'live', query: {} } as const;
  const traces: Place = {
    name: 'Traces',
    icon: 'trace',
    to: { view: 'traces' },
    views: trace.value ? ['traces'] : ['traces', 'trace'],
  };
  const shown: Place = {
    name: 'Open trace',
    icon: 'file',
    to: { view: 'trace', ...opened },
    views: ['trace'],
  };
  const rest = trace.value ? [traces, shown] : [traces];
  if (live) {
    void live.fleetRevision.value;
    const count = live.fleet.size + live.fleet.hidden;
    const apps: Place = {
      name: 'Apps',
      icon: 'apps',
      to: { view: 'apps' },
      views: ['apps', 'app'],
      count: live.apps.value.length,
    };
    return [
      { name: 'Fleet', icon: 'fleet', to: { view: 'fleet' }, views: ['fleet', 'session'], count },
      // Other apps are told of to a server.
      ...(home === 'server' ? [apps] : []),
      { name: 'Engine', icon: 'engine', to: { view: 'engine', ...opened }, views: ['engine'] },
      ...rest,
    ];
  }
  if (!opener) return rest;
  return [
    {
      name: 'Apps',
      icon: 'apps',
      to: { view: 'apps' },
      views: ['apps', 'app', 'fleet'],
      count: opener.rows.value.length,
    },
    ...rest,
  ];
}

function ThemeButton() {
  const now = theme.value;
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length] ?? 'system';
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`Colours: ${now}. Change to ${next}.`}
      title={`Colours: ${now}`}
      onClick={() => setTheme(next)}
    >
      <Icon name={now} />
    </button>
  );
}
