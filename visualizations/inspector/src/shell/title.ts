import type { Route } from '../route.ts';

/** What the tab is called; `subject` is that of the open trace. The page of a saved trace has the same name. */
export function titleOf(route: Route, subject: string | undefined): string {
  if (route.view === 'trace')
    return subject === undefined ? 'chartroom trace' : `${subject} · chartroom trace`;
  const name = 'id' in route ? route.id : NAMES[route.view];
  return `${name} · chartroom`;
}

const NAMES: Readonly<Record<Exclude<Route['view'], 'session' | 'app' | 'trace'>, string>> = {
  fleet: 'Fleet',
  apps: 'Apps',
  engine: 'Engine',
  traces: 'Traces',
};
