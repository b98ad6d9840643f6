/** Where the thread that owns the connection starts. */
import { parentPort } from 'node:worker_threads';
import { serve } from './server.ts';

if (parentPort) serve(parentPort);
