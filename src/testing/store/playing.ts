/** Plays a scenario on a new store, within its time, and says in full what was wrong. */
import { describe } from '../../check.ts';
import type { SessionStore } from '../../store/port.ts';
import { AssertionError, textOf } from './assertions.ts';
import { type Rule, rules } from './rules.ts';
import { type Scenario, stageOf } from './stage.ts';
import { WatchedStore } from './watched-store.ts';

type Create = () => SessionStore | Promise<SessionStore>;

/** How long a case that has failed waits for its leases, which may hang for the same reason. */
const RELEASE_MS = 2000;

/** Rejects with an {@link AssertionError}, whatever went wrong; every lease has been given back by then, or asked to. */
export async function play(scenario: Scenario, create: Create, timeoutMs: number): Promise<void> {
  const store = new WatchedStore(await newStore(create, timeoutMs));
  const failureOf = async (act: () => Promise<void>, ms: number): Promise<AssertionError | undefined> => {
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
    throw explained(error, rules.fresh, 'making the store');
  }
  if (isStore(store)) return store;
  const expected = 'a SessionStore, which has a method open';
  throw explained(
    new AssertionError(`making the store: expected ${expected}, got ${describe(store)}`),
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
      reject(new AssertionError(`no end after ${ms} ms of waiting for ${what}`, { rule: rules.settles }));
    }, ms);
  });
  try {
    await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What came, what was promised, where to mend it: for somebody who has seen neither the case nor the port. */
function explained(error: unknown, rule: Rule, call = 'the case'): AssertionError {
  const parts = error instanceof AssertionError ? error : { cause: error };
  const { promise, mend } = parts instanceof AssertionError ? (parts.rule ?? rule) : rule;
  const what = error instanceof AssertionError ? error.message : `${call} failed with ${textOf(error)}`;
  const message = `${what}\n\nPromised: ${promise}\nTo mend: ${mend}`;
  const failure = new AssertionError(message, parts);
  // The frames of the assertion, which lead to the line of the case; V8 has the message in front of them.
  const frames = error instanceof AssertionError ? (error.stack?.search(/\n +at /) ?? -1) : -1;
  if (error instanceof AssertionError && frames >= 0)
    failure.stack = `${failure.name}: ${message}${error.stack?.slice(frames)}`;
  return failure;
}
