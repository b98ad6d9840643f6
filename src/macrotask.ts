declare const setImmediate: ((callback: () => void) => unknown) | undefined;

/**
 * Runs `callback` in the next turn of the event loop, when all that this one has asked for has been asked. Where
 * there is no `setImmediate` a message channel does the same; timers are clamped to milliseconds there.
 */
export const nextMacrotask: (callback: () => void) => void =
  typeof setImmediate === 'function' ? (callback) => void setImmediate(callback) : postMacrotask;

export function postMacrotask(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  port2.postMessage(undefined);
}
