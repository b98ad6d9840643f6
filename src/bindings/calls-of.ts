import type { Actions } from './actions.ts';

/**
 * The calls of whatever actions there are when one is called: functions that stay the same where the client and the
 * id behind them do not. `example` has the names.
 */
export function callsOf<TCalls extends object>(
  example: TCalls,
  current: () => Pick<Actions<TCalls>, 'calls'>,
): TCalls {
  const call = (name: keyof TCalls) =>
    function through(...args: unknown[]): unknown {
      const target = current().calls[name] as (...args: unknown[]) => unknown;
      return target(...args);
    };
  const names = Object.keys(example) as (keyof TCalls)[];
  return Object.freeze(Object.fromEntries(names.map((name) => [name, call(name)]))) as TCalls;
}
