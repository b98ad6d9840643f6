/** Reads a chart off a definition that came from anywhere: a trace, a socket, a file. */
import {
  type Chart,
  type ChartEdge,
  type ChartInvocation,
  type ChartState,
  MAX_DEPTH,
  MAX_EDGES,
  MAX_STATES,
  ROOT,
  type StateType,
  stateId,
} from './chart.ts';
import { DiagramError } from './error.ts';
import { causeOf, invocationOf, nameOf } from './words.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A state while its chart is read: edges can be resolved only when all states are known. */
interface Found {
  readonly state: Omit<ChartState, 'initial' | 'initialActions' | 'defaults'>;
  readonly fields: Fields;
  readonly transitions: readonly { readonly event: string; readonly fields: Fields }[];
}

const TYPES: ReadonlySet<string> = new Set(['atomic', 'compound', 'parallel', 'final', 'history']);

/** Of the shape of `machine.definition`; `always` beside `on` is read too. Throws a `DiagramError`. */
export function readDefinition(definition: Fields): Chart {
  const found: Found[] = [];
  const byReference = new Map<string, string>();
  // A stack of its own: the depth is bounded by the limit, not by what the call stack bears.
  const waiting = [
    {
      fields: definition,
      key: undefined as string | undefined,
      parent: undefined as Found | undefined,
      depth: 1,
    },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { fields, key, parent, depth } = next;
    const each = readState(fields, key, parent);
    const { id } = each.state;
    if (found.length === MAX_STATES)
      throw new DiagramError(
        'TOO_LARGE',
        `A chart has at most ${MAX_STATES} states; this definition has more.`,
      );
    if (depth > MAX_DEPTH)
      throw new DiagramError('TOO_LARGE', `States nest at most ${MAX_DEPTH} deep; ${shown(id)} is deeper.`);
    const reference = `#${xstateId(fields, id, definition)}`;
    if (byReference.has(reference)) throw invalid(`two states have the id ${shown(reference.slice(1))}`);
    byReference.set(reference, id);
    found.push(each);
    const children = Object.entries(objectOf(fields.states, `states of ${shown(id)}`)).reverse();
    for (const [childKey, child] of children)
      waiting.push({
        fields: objectOf(child, `state ${shown(childKey)}`),
        key: childKey,
        parent: each,
        depth: depth + 1,
      });
  }
  const resolve = (targets: unknown, where: string) => resolveTargets(targets, byReference, where);
  const edges: ChartEdge[] = [];
  for (const each of found)
    for (const { event, fields } of each.transitions) {
      edges.push(readEdge(`e${edges.length}`, each, event, fields, resolve));
      if (edges.length > MAX_EDGES)
        throw new DiagramError(
          'TOO_LARGE',
          `A chart has at most ${MAX_EDGES} transitions; this definition has more.`,
        );
    }
  return {
    id: textOf(definition.id) ?? textOf(definition.key) ?? '(machine)',
    states: found.map(({ state, fields }) => ({ ...state, ...entrances(state, fields, resolve) })),
    edges,
  };
}

function readState(fields: Fields, key: string | undefined, parent: Found | undefined): Found {
  const id = parent && key !== undefined ? stateId(parent.state.id, key) : ROOT;
  const at = shown(id);
  const type = typeOf(fields, at);
  const invokes = readInvocations(fields, at);
  const on = Object.entries(objectOf(fields.on, `transitions of ${at}`)).map(
    ([event, list]) => [event, listOf(list)] as const,
  );
  // XState starts and cancels the timers of `after` by actions of its own, at the end of the lists.
  const timers = on.filter(([event]) => event.startsWith('xstate.after.')).length;
  const transitions = [...on, ['', listOf(fields.always)] as const].flatMap(([event, list]) =>
    list.map((each) => ({ event, fields: objectOf(each, `transition of ${at}`) })),
  );
  return {
    fields,
    transitions,
    state: {
      id,
      key: key ?? textOf(fields.id) ?? textOf(fields.key) ?? '(machine)',
      ...(parent && { parent: parent.state.id }),
      type,
      ...(type === 'history' && { history: fields.history === 'deep' ? 'deep' : 'shallow' }),
      entry: withoutTimers(readNames(fields.entry), 'raise', timers),
      exit: withoutTimers(readNames(fields.exit), 'cancel', timers),
      invokes,
      tags: listOf(fields.tags).flatMap((tag) => textOf(tag) ?? []),
      ...describedBy(fields),
    },
  };
}

function typeOf(fields: Fields, at: string): StateType {
  const { type } = fields;
  if (typeof type === 'string' && TYPES.has(type)) return type as StateType;
  if (type !== undefined) throw invalid(`the type of ${at} is ${shown(String(type))}`);
  return Object.keys(objectOf(fields.states, `states of ${at}`)).length > 0 ? 'compound' : 'atomic';
}

function readInvocations(fields: Fields, at: string): ChartInvocation[] {
  return listOf(fields.invoke).map((each, index) => {
    const { id, src } = objectOf(each, `actor of ${at}`);
    const own = textOf(fields.id) ?? '';
    return invocationOf(textOf(id) ?? `${index}.${own}`, src, index, own);
  });
}

function readNames(actions: unknown): string[] {
  return listOf(actions).map(nameOf);
}

function withoutTimers(actions: readonly string[], name: string, timers: number): string[] {
  let left = timers;
  return actions
    .toReversed()
    .filter((each) => each !== name || left-- <= 0)
    .reverse();
}

type Resolve = (targets: unknown, where: string) => string[];

function readEdge(
  id: string,
  { state, fields: around }: Found,
  event: string,
  fields: Fields,
  resolve: Resolve,
): ChartEdge {
  const targets = resolve(fields.target, `a transition of ${shown(state.id)}`);
  const actions = readNames(fields.actions);
  const delay = delayOf(fields, event, textOf(around.id));
  return {
    id,
    source: state.id,
    targets,
    ...causeOf(event, delay, state.invokes),
    event,
    ...(fields.guard !== undefined && fields.guard !== null && { guard: nameOf(fields.guard) }),
    actions,
    ...(delay !== undefined && { delay }),
    reenter: fields.reenter === true,
    ...describedBy(fields),
  };
}

function delayOf({ delay }: Fields, event: string, source: string | undefined): number | string | undefined {
  if (!event.startsWith('xstate.after.')) return undefined;
  if (typeof delay === 'number' || (typeof delay === 'string' && delay !== '')) return delay;
  const rest = event.slice('xstate.after.'.length);
  return source !== undefined && rest.endsWith(`.${source}`) ? rest.slice(0, -source.length - 1) : rest;
}

function entrances(
  state: Found['state'],
  fields: Fields,
  resolve: Resolve,
): Pick<ChartState, 'initial' | 'initialActions' | 'defaults'> {
  if (state.type === 'history') {
    const defaults = resolve(fields.target, `the history state ${shown(state.id)}`);
    return defaults.length > 0 ? { defaults } : {};
  }
  if (state.type !== 'compound' || fields.initial === undefined) return {};
  const { target, actions } = objectOf(fields.initial, `initial state of ${shown(state.id)}`);
  const [initial] = resolve(target, `the initial state of ${shown(state.id)}`);
  const initialActions = readNames(actions);
  return initial === undefined ? {} : { initial, ...(initialActions.length > 0 && { initialActions }) };
}

function resolveTargets(targets: unknown, byReference: ReadonlyMap<string, string>, where: string): string[] {
  return listOf(targets).map((target) => {
    const found = typeof target === 'string' ? byReference.get(target) : undefined;
    if (found === undefined) throw invalid(`${where} leads to ${shown(String(target))}, which is no state`);
    return found;
  });
}

/** States without an id of their own have their path, behind the id of the machine. */
function xstateId(fields: Fields, id: string, definition: Fields): string {
  const own = textOf(fields.id);
  if (own !== undefined) return own;
  const machine = textOf(definition.id) ?? '(machine)';
  return id === ROOT ? machine : `${machine}.${id}`;
}

function describedBy({ description }: Fields): Pick<ChartState, 'description'> {
  return typeof description === 'string' && description !== '' ? { description } : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function objectOf(value: unknown, what: string): Fields {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw invalid(`${what}: an object was expected, got ${typeof value}`);
  return value as Fields;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function shown(text: string): string {
  if (text === ROOT) return 'the machine';
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function invalid(what: string): DiagramError {
  return new DiagramError('INVALID_DEFINITION', `This is no definition of a machine: ${what}.`);
}
