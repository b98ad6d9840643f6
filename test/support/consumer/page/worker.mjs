import { talk } from './talk.mjs';

talk().then(
  (outcome) => postMessage(outcome),
  (error) => postMessage(String(error)),
);
