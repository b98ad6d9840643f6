import { createSessionManager } from '../../src/index.ts';
import { clientContract } from './client.ts';

clientContract('the session manager in a page', (options) => createSessionManager(options));
