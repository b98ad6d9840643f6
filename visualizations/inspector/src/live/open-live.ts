import type { ConnectionPorts } from './connection.ts';
import { Frames } from './frames.ts';
import { Live } from './live.ts';

/** Connects over this line, by the clock and the frames of this window. */
export function openLive(token: string, line: Pick<ConnectionPorts, 'open' | 'serves'>): Live {
  const ports: ConnectionPorts = {
    ...line,
    now: Date.now,
    after: (ms, run) => window.setTimeout(run, ms),
    cancel: (timer) => window.clearTimeout(timer),
    random: Math.random,
  };
  const live = new Live(token, ports, new Frames((run) => requestAnimationFrame(run)));
  live.connection.open();
  return live;
}
