import type { AnyActorLogic } from 'xstate';
import { checkFunction, checkInteger, checkKey, checkOptions, describe, invalidArgument } from './check.ts';
import { type Clock, systemClock } from './clock.ts';
import type { SessionConfig } from './data.ts';
import { createSessionId } from './ids.ts';
import type {
  FileSource,
  InspectionObserver,
  Limits,
  SessionManagerOptions,
  SupervisionOptions,
  TimeoutOptions,
} from './options.ts';
import type { AgentVersion, MigrateAgent } from './session/agent-version.ts';
import { memoryStore } from './store/memory.ts';
import type { SessionStore } from './store/port.ts';

/** What holds where neither the manager's options nor a session's config say otherwise. */
export const defaults = /* @__PURE__ */ freezeEach({
  sessionDefaults: { maxMessages: 1000, maxTokens: 100_000, maxFiles: 50, features: [] } as SessionConfig,
  supervision: { restart: 'temporary', maxRestarts: 3, withinMs: 5000, backoffMs: 0 } as SupervisionOptions,
  timeouts: { initializeMs: 30_000, terminateMs: 5000 } as TimeoutOptions,
  limits: {
    maxSessions: 1_000_000,
    maxMessageBytes: 1_048_576,
    maxMetadataBytes: 65_536,
    maxPending: 100_000,
    cacheBytes: 16_777_216,
  } as Limits,
});

/** The manager's options, checked and completed. */
export interface Settings {
  readonly store: SessionStore;
  readonly agent: AnyActorLogic | undefined;
  readonly agentVersion: AgentVersion | undefined;
  readonly migrateAgent: MigrateAgent | undefined;
  readonly hooks: NonNullable<SessionManagerOptions['hooks']>;
  readonly supervision: Readonly<SupervisionOptions>;
  readonly timeouts: Readonly<TimeoutOptions>;
  readonly sessionDefaults: SessionConfig;
  readonly limits: Readonly<Limits>;
  readonly files: FileSource | undefined;
  readonly countTokens: (text: string) => number;
  readonly clock: Clock;
  readonly generateId: () => string;
  readonly logger: SessionManagerOptions['logger'];
  readonly inspect: InspectionObserver | undefined;
}

const RESTARTS = ['temporary', 'transient', 'permanent'];
const CONFIG_KEYS = [
  'maxMessages',
  'maxTokens',
  'maxFiles',
  'idleAfterMs',
  'sleepAfterMs',
  'terminateAfterMs',
  'features',
] as const;
const OPTION_KEYS = [
  'store',
  'agent',
  'agentVersion',
  'migrateAgent',
  'hooks',
  'supervision',
  'timeouts',
  'sessionDefaults',
  'limits',
  'files',
  'countTokens',
  'clock',
  'generateId',
  'logger',
  'inspect',
] as const;

/** Throws `INVALID_ARGUMENT` naming the option, what it must be and what came. */
export function resolveSettings(given: SessionManagerOptions | undefined): Settings {
  const options = checkOptions<SessionManagerOptions>(given, 'options', OPTION_KEYS);
  const { agent, store, files, clock, hooks } = options;
  checkMethods(store, 'options.store', ['open']);
  checkMethods(agent, 'options.agent', ['transition', 'getInitialSnapshot']);
  checkMethods(files, 'options.files', ['stat', 'read']);
  checkMethods(clock, 'options.clock', ['now', 'setTimeout', 'clearTimeout']);
  checkOptions(hooks, 'options.hooks', ['initialize', 'cleanup']);
  for (const name of ['initialize', 'cleanup'] as const)
    if (hooks?.[name] !== undefined) checkFunction(hooks[name], `options.hooks.${name}`);
  for (const name of ['countTokens', 'generateId', 'migrateAgent'] as const)
    if (options[name] !== undefined) checkFunction(options[name], `options.${name}`);
  return {
    store: store ?? memoryStore(),
    agent,
    agentVersion: checkAgentVersion(options.agentVersion),
    migrateAgent: options.migrateAgent,
    hooks: {
      ...(hooks?.initialize && { initialize: hooks.initialize.bind(hooks) }),
      ...(hooks?.cleanup && { cleanup: hooks.cleanup.bind(hooks) }),
    },
    supervision: resolveSupervision(options.supervision),
    timeouts: resolveNumbers(options.timeouts, 'options.timeouts', defaults.timeouts, 1),
    sessionDefaults: resolveConfig(
      options.sessionDefaults,
      'options.sessionDefaults',
      defaults.sessionDefaults,
    ),
    limits: resolveNumbers(options.limits, 'options.limits', defaults.limits, 0),
    files,
    countTokens: options.countTokens ?? ((text) => Math.ceil(text.length / 4)),
    clock: clock ?? systemClock,
    generateId: options.generateId ?? createSessionId,
    logger: resolveLogger(options.logger),
    inspect: checkInspector(options.inspect),
  };
}

/** A session's config over what the manager gives it. The same object when nothing is overridden. */
export function resolveConfig(
  given: Partial<SessionConfig> | undefined,
  at: string,
  base: SessionConfig,
): SessionConfig {
  if (given === undefined) return base;
  const config = checkOptions(given, at, CONFIG_KEYS);
  const resolved: Record<string, unknown> = { ...base };
  for (const key of CONFIG_KEYS) {
    const value = config[key];
    if (value === undefined) continue;
    resolved[key] =
      key === 'features'
        ? resolveFeatures(value, `${at}.${key}`)
        : checkInteger(value, `${at}.${key}`, { min: 1 });
  }
  return Object.freeze(resolved) as unknown as SessionConfig;
}

function resolveFeatures(value: unknown, at: string): readonly string[] {
  if (!Array.isArray(value)) throw invalidArgument(at, 'an array of names', value);
  return Object.freeze(value.map((name, n) => checkKey(name, `${at}[${n}]`)));
}

function resolveSupervision(given: Partial<SupervisionOptions> | undefined): SupervisionOptions {
  const { restart, ...numbers } = checkOptions(given, 'options.supervision', [
    'restart',
    'maxRestarts',
    'withinMs',
    'backoffMs',
  ]);
  if (restart !== undefined && !RESTARTS.includes(restart))
    throw invalidArgument('options.supervision.restart', `one of ${RESTARTS.join(', ')}`, restart);
  const { restart: byDefault, ...base } = defaults.supervision;
  return { restart: restart ?? byDefault, ...resolveNumbers(numbers, 'options.supervision', base, 0) };
}

function resolveNumbers<T extends object>(
  given: Partial<T> | undefined,
  at: string,
  base: T,
  min: number,
): T {
  const numbers = checkOptions(given, at, Object.keys(base));
  const resolved = { ...base } as Record<string, unknown>;
  for (const [key, value] of Object.entries(numbers))
    if (value !== undefined && value !== Number.POSITIVE_INFINITY)
      resolved[key] = checkInteger(value, `${at}.${key}`, { min });
    else if (value !== undefined) resolved[key] = value;
  return Object.freeze(resolved) as T;
}

function resolveLogger(logger: SessionManagerOptions['logger']): SessionManagerOptions['logger'] {
  if (logger === undefined)
    return { warn: (...line) => console.warn(...line), error: (...line) => console.error(...line) };
  if (typeof logger === 'function' || (typeof logger === 'object' && logger !== null)) return logger;
  throw invalidArgument('options.logger', 'an object like console, or a function', logger);
}

function checkInspector(inspect: SessionManagerOptions['inspect']): SessionManagerOptions['inspect'] {
  if (typeof inspect !== 'function') checkMethods(inspect, 'options.inspect', ['next']);
  return inspect;
}

function checkMethods(value: unknown, at: string, names: readonly string[]): void {
  if (value === undefined) return;
  for (const name of names)
    if (typeof (value as Record<string, unknown> | null)?.[name] !== 'function')
      throw invalidArgument(
        at,
        `an object with the method ${name} (it has ${describe((value as Record<string, unknown> | null)?.[name])})`,
        value,
      );
}

function checkAgentVersion(version: AgentVersion | undefined): AgentVersion | undefined {
  if (version === undefined || typeof version === 'string' || Number.isFinite(version)) return version;
  throw invalidArgument('options.agentVersion', 'a string or a finite number', version);
}

function freezeEach<T extends Record<string, object>>(groups: T): Readonly<T> {
  for (const group of Object.values(groups)) {
    for (const value of Object.values(group)) Object.freeze(value);
    Object.freeze(group);
  }
  return Object.freeze(groups);
}
