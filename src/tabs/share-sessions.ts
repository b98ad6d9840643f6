import { checkFunction, checkInteger, checkOptions, checkString, invalidArgument } from '../check.ts';
import { Guard } from '../guard.ts';
import type { SessionManager } from '../manager.ts';
import type { Logger } from '../options.ts';
import { browserPlatform } from './browser-platform.ts';
import type { Platform } from './platform.ts';
import { type SharedSessions, SharedTab } from './shared-tab.ts';

export interface ShareOptions {
  /** For what listeners throw, and what nobody listens to. Default: warnings and errors to the console. */
  logger?: Logger;
  /**
   * How long a store may still be locked by the tab that had it before, in milliseconds; then this tab has failed
   * with `STORE_LOCKED`. Default 10,000.
   */
  takeoverMs?: number;
}

const TAKEOVER_MS = 10_000;

/**
 * One engine for all tabs of an origin that share this `name`: one of them runs it, the others follow, and when that
 * one closes or crashes another takes over. Returns at once; calls wait until there is an engine. `createManager` is
 * called in the tab that is to run it only. Throws `INVALID_ARGUMENT` on a wrong argument.
 */
export function shareSessions<TAgentEvent = never>(
  name: string,
  createManager: () => SessionManager<TAgentEvent> | Promise<SessionManager<TAgentEvent>>,
  options?: ShareOptions,
): SharedSessions<TAgentEvent> {
  return shareOver(browserPlatform, name, createManager, options);
}

/** The same over another platform than the browser's. */
export function shareOver<TAgentEvent = never>(
  platform: () => Platform,
  name: string,
  createManager: () => SessionManager<TAgentEvent> | Promise<SessionManager<TAgentEvent>>,
  options?: ShareOptions,
): SharedSessions<TAgentEvent> {
  checkString(name, 'name', { min: 1, max: 128 });
  checkFunction(createManager, 'createManager');
  const { logger = console, takeoverMs = TAKEOVER_MS } = checkOptions(options, 'options', [
    'logger',
    'takeoverMs',
  ]);
  checkInteger(takeoverMs, 'options.takeoverMs', { min: 0 });
  if (typeof logger !== 'function' && (typeof logger !== 'object' || logger === null))
    throw invalidArgument('options.logger', 'an object like console, or a function', logger);
  return new SharedTab({
    name,
    create: createManager,
    patienceMs: takeoverMs,
    guard: new Guard(logger),
    platform,
  });
}
