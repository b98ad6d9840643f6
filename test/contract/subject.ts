import { afterEach } from 'vitest';
import type { Session, SessionClient } from '../../src/client.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import type { LooseEvent } from '../support/agents.ts';
import { turns } from '../support/turns.ts';

export type Client = SessionClient<LooseEvent>;
export type ClientSession = Session<LooseEvent>;

/** Makes a client whose engine runs with these options: in the same process, or at the far end of a wire. */
export type CreateClient = (options?: SessionManagerOptions) => Client | Promise<Client>;

/** One implementation under the contract. */
export interface Subject {
  /** A client on an engine of its own; closed after the test. */
  open(options?: SessionManagerOptions): Promise<Client>;
  /** Resolves when everything published so far has reached the listeners. */
  settle(): Promise<void>;
}

export function subject(createClient: CreateClient, settle: () => Promise<void> = turns): Subject {
  const opened: Client[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((client) => client.close()));
  });
  return {
    async open(options) {
      const client = await createClient(options);
      opened.push(client);
      return client;
    },
    settle,
  };
}
