/** `npm test`: everything that must hold before a change is shared. */
import { runSteps } from './steps.ts';

const PACKAGE = 'test/package.test.ts';

runSteps([
  ['types', 'tsc'],
  ['lint and format', 'biome check --error-on-warnings'],
  ['the built package: packed, linted, installed elsewhere, run', `vitest run ${PACKAGE}`],
  ['all tests, with coverage', `vitest run --coverage --exclude ${PACKAGE}`],
  ["the engine's tests on XState's development build", 'vitest run --mode development'],
]);
