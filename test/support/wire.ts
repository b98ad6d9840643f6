import type { SessionManager } from '../../src/index.ts';
import { WireClient } from '../../src/wire/client.ts';
import type { Port } from '../../src/wire/port.ts';
import { serveClient } from '../../src/wire/server.ts';
import { loggedGuard } from './log.ts';
import { turns } from './turns.ts';

/** Lines of one process that are as slow as those between two: each message is a structured clone, a turn later. */
export class Network {
  #underway = 0;
  /** Messages that have arrived. */
  carried = 0;

  /** A line, and what cuts it: nothing arrives any more, in either direction. */
  line(): { near: Port; far: Port; cut(): void } {
    let up = true;
    const end = (other: () => Port): Port => ({
      onMessage: undefined,
      post: (message) => {
        if (up) this.carry(message, (clone) => up && other().onMessage?.(clone));
      },
    });
    const near: Port = end(() => far);
    const far: Port = end(() => near);
    return {
      near,
      far,
      cut: () => {
        up = false;
      },
    };
  }

  carry(message: unknown, arrive: (clone: unknown) => void): void {
    const clone = structuredClone(message);
    this.#underway += 1;
    setImmediate(() => {
      this.#underway -= 1;
      this.carried += 1;
      arrive(clone);
    });
  }

  /** Nothing is under way, and nothing follows from what was. */
  async quiet(): Promise<void> {
    for (let still = 0, seen = this.carried; still < 8; ) {
      await turns(1);
      still = this.#underway > 0 || this.carried !== seen ? 0 : still + 1;
      seen = this.carried;
    }
  }
}

/** A client over a line to a manager. */
export function wired(manager: SessionManager<never>, network = new Network()) {
  const { guard, lines } = loggedGuard();
  const client = new WireClient<never>({ guard, iso: () => '2030-01-01T00:00:00.000Z' });
  const attach = (to: SessionManager<never> = manager) => {
    const { near, far, cut } = network.line();
    const served = serveClient(to, far);
    client.attach(near);
    return { served, cut, near, far };
  };
  return { client, network, lines, attach, ...attach() };
}
