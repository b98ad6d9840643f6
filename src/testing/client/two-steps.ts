/**
 * With a slow store a save keeps the session as it is at the call, and a restore begins with what it found: between
 * the two halves of each anything may happen.
 */
import { DEATHS } from './calls.ts';
import type { Operation } from './ledger.ts';
import { begin, type Data, dataOf, type State } from './spec.ts';

export function takesTwoSteps(operation: Operation): boolean {
  const { kind } = operation.call;
  return (kind === 'save' || kind === 'restore') && (tookEffect(operation) || mayHave(operation));
}

/** A restore whose session began and failed took effect too. */
function tookEffect({ call, outcome, lostAt }: Operation): boolean {
  if (lostAt !== undefined || !outcome) return false;
  return outcome.ok || (call.kind === 'restore' && (DEATHS as readonly string[]).includes(outcome.code));
}

function mayHave({ outcome, lostAt }: Operation): boolean {
  return lostAt !== undefined || (outcome?.ok === false && outcome.code === 'MANAGER_CLOSED');
}

export function take(state: State, operation: Operation): State[] {
  const { n, call, outcome } = operation;
  const skipped = tookEffect(operation) ? [] : [state];
  const data = call.kind === 'save' ? presentOf(state) : state.saved;
  const answered = call.kind === 'save' && outcome?.ok ? outcome.value : undefined;
  if (!data || (answered !== undefined && data.messages.length !== answered)) return skipped;
  return [...skipped, { ...state, inHand: { ...state.inHand, [n]: data } }];
}

export function put(state: State, operation: Operation): State[] {
  const { [operation.n]: data, ...inHand } = state.inHand;
  const rest = { ...state, inHand };
  const skipped = tookEffect(operation) ? [] : [rest];
  if (!data) return skipped;
  return [...skipped, ...(operation.call.kind === 'save' ? [{ ...rest, saved: data }] : begin(rest, data))];
}

function presentOf(state: State): Data | null {
  return state.phase === 'absent' ? null : dataOf(state);
}
