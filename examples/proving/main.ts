/** Prints the smallest run in which the shipped checkout hangs, and what was reached of the mended one. */
import { VerificationError, verifyMachine } from 'chartroom/testing';
import { proved, shipped } from './verification.ts';

const once = { seed: 1, traceFolder: false } as const;

const { machine: checkout, ...known } = shipped;
const failure: unknown = await verifyMachine(checkout, { ...known, ...once }).catch((error) => error);
if (!(failure instanceof VerificationError)) throw failure;
console.log(`${failure.message}\n`);

const { machine: mended, ...asked } = proved;
const { runs, states, neverTaken } = await verifyMachine(mended, { ...asked, ...once });
console.log(`${asked.name}: nothing is broken in ${runs} runs.`);
console.log(`  states: ${states.join(', ')}`);
console.log(`  never taken: ${neverTaken.join(', ') || 'nothing'}`);
