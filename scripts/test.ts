/** `npm test`: everything that must hold before a change is shared. */
import { runSteps } from './steps.ts';

const PACKAGE = 'test/package.test.ts';
/** These want a real Chromium each. */
const BROWSER = 'test/browser';

runSteps([
  ['types', 'tsc'],
  ['lint and format', 'biome check --error-on-warnings'],
  ['the built package: packed, linted, installed elsewhere, run', `vitest run ${PACKAGE}`],
  ["the inspector's page", 'node --import ./scripts/source.ts scripts/ensure-inspector.ts'],
  [
    'all tests, with coverage',
    `vitest run --coverage --maxWorkers=2 --exclude ${PACKAGE} --exclude '${BROWSER}/**'`,
  ],
  ['the inspector and the example, in a real Chromium', `vitest run ${BROWSER} --maxWorkers=2`],
  ['inside the pages of a real Chromium', 'vitest run --coverage --config vitest.browser.config.ts'],
  ["the engine's tests on XState's development build", 'vitest run --mode development --maxWorkers=2'],
]);
