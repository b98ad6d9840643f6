/** Who takes part: the charts that a moment knows, and of the present the actors that have none. */
import {
  type ChartMoment,
  chartId,
  type Detail,
  type Moment,
  type Recording,
  sessionChart,
  stateInWords,
} from 'chartroom/inspect';

export interface ActorRow {
  /** Of its chart in a moment. */
  readonly key: string;
  readonly actor: string;
  /** As its parent knows it. */
  readonly name: string;
  readonly depth: number;
  readonly kind: string;
  readonly status: string;
  /** Where its chart is; absent for what has none. */
  readonly chart?: ChartMoment;
}

/** `sessions`: whose charts belong here though nothing was told of them but facts. */
export function actorRows(moment: Moment, sessions: readonly string[], detail?: Detail): ActorRow[] {
  const rows = new Map<string, ActorRow>();
  const add = (row: Omit<ActorRow, 'depth' | 'name'>, name?: string) => {
    const known = rows.get(row.key);
    rows.set(row.key, { ...known, ...row, depth: 0, name: name ?? known?.name ?? nameOf(row.actor) });
  };
  for (const id of sessions) {
    const chart = sessionChart(moment, id);
    if (chart)
      add({ key: chartId('session', id), actor: id, kind: 'machine', status: chart.status, chart }, id);
  }
  for (const [key, chart] of moment.charts)
    add({ key, actor: chart.actor, kind: 'machine', status: chart.status || 'not begun', chart });
  for (const { actor, definition, id, kind, status } of detail?.actors ?? []) {
    const key = chartId(definition ?? '', actor);
    add({ key, actor, kind, status }, id);
  }
  return inTree([...rows.values()]);
}

/** A chart is under the actor with the longest name that its own begins with. */
function inTree(rows: readonly ActorRow[]): ActorRow[] {
  const byActor = new Map(rows.map((row) => [row.actor, row]));
  const children = Map.groupBy(rows, ({ actor }) => ownerAmong(actor, byActor));
  const placed: ActorRow[] = [];
  const place = (parent: string | undefined, depth: number) => {
    for (const row of children.get(parent) ?? []) {
      const isTold = row.name !== nameOf(row.actor) || depth === 0;
      placed.push({ ...row, depth, name: isTold ? row.name : nameOf(row.actor) });
      // Several charts may have one name; what is below it is placed once.
      if (byActor.get(row.actor) === row) place(row.actor, depth + 1);
    }
  };
  place(undefined, 0);
  return placed;
}

/** The longest of the known names that an actor's own begins with; its own is none of them. */
export function ownerAmong(actor: string, known: { has(name: string): boolean }): string | undefined {
  for (let end = actor.lastIndexOf('/'); end > 0; end = actor.lastIndexOf('/', end - 1)) {
    const owner = actor.slice(0, end);
    if (known.has(owner)) return owner;
  }
  return undefined;
}

function nameOf(actor: string): string {
  return actor.slice(actor.lastIndexOf('/') + 1) || actor;
}

/** The row that an address names; the first that has a chart when it names none, or one that never comes. */
export function chosenChart(
  rows: readonly ActorRow[],
  chosen: string | undefined,
  toCome?: ActorRow,
): ActorRow | undefined {
  const named = rows.find(({ key, actor, chart }) => chart && (key === chosen || actor === chosen));
  if (named) return named;
  if (toCome && (toCome.key === chosen || toCome.actor === chosen)) return toCome;
  return rows.find(({ chart }) => chart) ?? toCome;
}

/** The chart that is chosen, or the first one, of a recording in which it has not begun yet: what it is stays in sight. */
export function chartToCome(recording: Recording, chosen: string | undefined): ActorRow | undefined {
  let first: ActorRow | undefined;
  for (const entry of recording.entries) {
    if (entry.kind !== 'snapshot' && entry.kind !== 'sent') continue;
    const row = rowToCome(String(entry.definition), String(entry.actor));
    if (chosen === undefined || row.key === chosen || row.actor === chosen) return row;
    first ??= row;
  }
  return first;
}

/** Of a session that has not begun, though nothing but its facts is recorded. */
export function sessionToCome(id: string): ActorRow {
  return rowToCome('session', id);
}

function rowToCome(definition: string, actor: string): ActorRow {
  const chart: ChartMoment = { actor, definition, status: 'not begun', entry: -1 };
  return {
    key: chartId(definition, actor),
    actor,
    name: nameOf(actor),
    depth: 0,
    kind: 'machine',
    status: chart.status,
    chart,
  };
}

/** How an address names a row. */
export function addressOf(row: ActorRow, rows: readonly ActorRow[]): string {
  return rows.filter(({ actor, chart }) => chart && actor === row.actor).length > 1 ? row.key : row.actor;
}

/** `session a is in running.active` */
export function standingInWords(chart: ChartMoment): string {
  const done = chart.status === 'active' ? '' : `, ${chart.status}`;
  return chart.value === undefined
    ? `${chart.actor} has not begun`
    : `${chart.actor} is in ${stateInWords(chart.value)}${done}`;
}
