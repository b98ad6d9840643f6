import { describe } from 'vitest';
import { actionsBehave } from '../bindings/behaviour/actions.ts';
import { selectorBehaves } from '../bindings/behaviour/selector.ts';
import { viewsBehave } from '../bindings/behaviour/views.ts';
import { solid } from '../support/solid/framework.tsx';

describe('views', () => viewsBehave(solid));
describe('the selector', () => selectorBehaves(solid));
describe('actions', () => actionsBehave(solid));
