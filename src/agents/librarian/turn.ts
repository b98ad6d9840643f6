/**
 * Lets everything else on this thread have its turn: other agents, timers, input and output. A resolved
 * promise would not do, for it comes before all of them.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    // Browsers hold nested timers back by 4 ms; a message comes at once.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
