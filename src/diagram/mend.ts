/**
 * The stock inspectors of XState cut what is nested deeper than ten levels, and put a word in its place. A config with
 * such words is no config any more: here they become what can be said of what was there.
 */
type Fields = Readonly<Record<string, unknown>>;

const CUT: ReadonlySet<unknown> = new Set(['[Object]', '[Array]']);
/** In place of a name that was cut. */
const UNKNOWN = '…';
/** Parts of a state of which something can be said though they were cut; and its id, which may be any text. */
const MENDED: ReadonlySet<string> = new Set(['id', 'entry', 'exit', 'always', 'invoke', 'onDone']);

/** The config without the words; states and transitions that were cut are there still, and empty. */
export function mended(config: Fields): Fields {
  const kept = { ...config };
  // Without the states in it an initial one leads nowhere.
  if (CUT.has(kept.states)) delete kept.initial;
  for (const [key, value] of Object.entries(kept)) if (CUT.has(value) && !MENDED.has(key)) delete kept[key];
  const { states, on, after, always, invoke, onDone } = kept;
  return {
    ...kept,
    ...(isFields(states) && {
      states: mapped(states, (state) => (isFields(state) ? mended(state) : mendedWord(state))),
    }),
    ...(isFields(on) && { on: mapped(on, mendedTransitions) }),
    ...(isFields(after) && { after: mapped(after, mendedTransitions) }),
    ...(always !== undefined && { always: mendedTransitions(always) }),
    ...(onDone !== undefined && { onDone: mendedTransitions(onDone) }),
    ...(invoke !== undefined && {
      invoke: Array.isArray(invoke) ? invoke.map(mendedActor) : mendedActor(invoke),
    }),
    ...mendedActions(kept, ['entry', 'exit']),
  };
}

function mendedWord(state: unknown): unknown {
  return CUT.has(state) ? {} : state;
}

function mendedActor(actor: unknown): unknown {
  if (CUT.has(actor)) return { src: UNKNOWN };
  if (!isFields(actor)) return actor;
  const { onDone, onError, src } = actor;
  return {
    ...actor,
    ...(CUT.has(src) && { src: {} }),
    ...(onDone !== undefined && { onDone: mendedTransitions(onDone) }),
    ...(onError !== undefined && { onError: mendedTransitions(onError) }),
  };
}

/**
 * One that was cut still tells that there is a transition: it does something that nobody knows. So does one of which
 * nothing is left: functions are lost on the way through JSON, so that `{}` may be `{ actions: () => … }`.
 */
function mendedTransitions(transitions: unknown): unknown {
  if (Array.isArray(transitions)) return transitions.map(mendedTransitions);
  if (CUT.has(transitions)) return { actions: UNKNOWN };
  if (!isFields(transitions)) return transitions;
  const { target, guard, ...others } = transitions;
  const leads = target !== undefined && !CUT.has(target);
  return {
    ...others,
    ...(leads || 'actions' in transitions ? mendedActions(transitions, ['actions']) : { actions: UNKNOWN }),
    ...(leads && { target }),
    ...(guard !== undefined && { guard: CUT.has(guard) ? UNKNOWN : guard }),
  };
}

function mendedActions(fields: Fields, keys: readonly string[]): Fields {
  const found = keys.filter((key) => fields[key] !== undefined);
  const name = (action: unknown) => (CUT.has(action) ? UNKNOWN : action);
  return Object.fromEntries(
    found.map((key) => [
      key,
      Array.isArray(fields[key]) ? (fields[key] as unknown[]).map(name) : name(fields[key]),
    ]),
  );
}

function mapped(fields: Fields, map: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, map(value)]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
