/** Plays a scenario on a new store, within its time, and says in full what was wrong. */
import { describe } from '../../check.ts';
import type { SessionStore } from '../../store/port.ts';
import { ContractError, textOf } from './assertions.ts';
import { type Rule, rules } from './rules.ts';
import { type Scenario, stageOf } from './stage.ts';
import { WatchedStore } from './watched-store.ts';

type Create = () => SessionStore | Promise<SessionStore>;

/** How long a case that has failed waits for its leases, which may hang for the same reason. */
const RELEASE_MS = 2000;

/** Rejects with an {@link ContractError}, whatever went wrong; every lease has been given back by then, or asked to. */
export async function play(scenario: Scenario, create: Create, timeoutMs: number): Promise<void> {
  const store = new WatchedStore(await newStore(create, timeoutMs));
  const failureOf = async (act: () => Promise<void>, ms: number): Promise<ContractError | undefined> => {
    try {
      await within(ms, act, () => store.inFlight);
    } catch (error) {
      return explained(error, scenario.rule, store.failedIn(error));
    }
  };
  const failure = await failureOf(() => scenario.play(stageOf(store)), timeoutMs);
  const releaseMs = failure ? Math.min(RELEASE_MS, timeoutMs) : timeoutMs;
  const unreleased = await failureOf(() => store.release(), releaseMs);
  // Of two failures the first one is the reason.
  if (failure ?? unreleased) throw failure ?? unreleased;
}

async function newStore(create: Create, timeoutMs: number): Promise<SessionStore> {
  let store: unknown;
  try {
    await within(
      timeoutMs,
      async () => {
        store = await create();
      },
      () => ['the store to be made'],
    );
  } catch (error) {
    if (error instanceof ContractError) throw explained(error, rules.fresh);
    const failed = new ContractError(`making the store failed with ${textOf(error)}`, { cause: error });
    throw explained(failed, rules.fresh);
  }
  if (isStore(store)) return store;
  const expected = 'a SessionStore, which has a method open';
  throw explained(
    new ContractError(`making the store: expected ${expected}, got ${describe(store)}`),
    rules.fresh,
  );
}

const isStore = (value: unknown): value is SessionStore =>
  typeof value === 'object' && value !== null && 'open' in value && typeof value.open === 'function';

async function within(ms: number, act: () => Promise<void>, awaited: () => readonly string[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const what = awaited().join(', ') || 'something other than the store';
      reject(new ContractError(`no end after ${ms} ms of waiting for ${what}`, { rule: rules.settles }));
    }, ms);
  });
  try {
    await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What came, what was promised, where to mend it: for somebody who has seen neither the case nor the port. */
function explained(error: unknown, rule: Rule, call = 'the case'): ContractError {
  if (!(error instanceof ContractError)) {
    const promise = `${rules.works.promise} The case is about this: ${rule.promise}`;
    const mend = `${rules.works.mend} If that is right: ${rule.mend}`;
    const message = inFull(`${call} failed with ${textOf(error)}`, { promise, mend });
    return new ContractError(message, { cause: error });
  }
  const message = inFull(error.message, error.rule ?? rule);
  const failure = new ContractError(message, error);
  // The frames of the assertion, which lead to the line of the case; V8 has the message in front of them.
  const frames = error.stack?.search(/\n +at /) ?? -1;
  if (frames >= 0) failure.stack = `${failure.name}: ${message}${error.stack?.slice(frames)}`;
  return failure;
}

const inFull = (what: string, { promise, mend }: Rule) => `${what}\n\nPromised: ${promise}\nTo mend: ${mend}`;
