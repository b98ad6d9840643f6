import { createSessionManager } from '../../src/index.ts';
import { deferredStore } from '../support/deferred-store.ts';
import { turns } from '../support/turns.ts';
import { clientContract } from './client.ts';

clientContract('the session manager', (options) => createSessionManager(options));

clientContract(
  'the session manager on a store that takes its time',
  (options) => createSessionManager({ store: deferredStore(), ...options }),
  () => turns(100),
);
