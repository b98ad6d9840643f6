import { createSessionManager } from '../../src/index.ts';
import { Network, wired } from '../support/wire.ts';
import { clientContract } from './client.ts';
import type { Client } from './subject.ts';

const network = new Network();

/** Over a line in which every message is a structured clone and a turn late. With its client its engine closes. */
clientContract(
  'a client over a wire',
  (options) => {
    const manager = createSessionManager(options);
    const { client } = wired(manager, network);
    const close = client.close.bind(client);
    client.close = async (how) => {
      await close(how);
      await manager.close();
    };
    return client as Client;
  },
  () => network.quiet(),
);
