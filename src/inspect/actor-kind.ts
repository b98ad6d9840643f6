import { fromCallback, fromEventObservable, fromObservable, fromPromise, fromTransition } from 'xstate';

/** XState marks no logic with what made it; but all that one maker made runs the same code. */
const MAKERS = {
  promise: fromPromise(async () => {}),
  callback: fromCallback(() => {}),
  observable: fromObservable(() => NEVER),
  'event observable': fromEventObservable(() => NEVER),
  transition: fromTransition((state: null) => state, null),
};
const NEVER = { subscribe: () => ({ unsubscribe: () => {} }) };

let makersByCode: Map<string, string> | undefined;
const kinds = new WeakMap<object, string>();

/** `machine`, `promise`, `callback`, `observable`, `event observable`, `transition`; `logic` for one made by hand. */
export function kindOf(logic: unknown): string {
  if (typeof logic !== 'object' || logic === null) return 'logic';
  let kind = kinds.get(logic);
  if (kind === undefined) {
    kind = readKind(logic);
    kinds.set(logic, kind);
  }
  return kind;
}

function readKind(logic: object): string {
  if ('compiledFrom' in logic || ('root' in logic && 'implementations' in logic)) return 'machine';
  makersByCode ??= new Map(Object.entries(MAKERS).map(([kind, made]) => [codeOf(made), kind]));
  return makersByCode.get(codeOf(logic)) ?? 'logic';
}

function codeOf(logic: object): string {
  const { transition, start } = logic as { transition?: unknown; start?: unknown };
  return `${transition}\n${start}`;
}
