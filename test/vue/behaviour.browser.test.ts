import { describe } from 'vitest';
import { actionsBehave } from '../bindings/behaviour/actions.ts';
import { selectorBehaves } from '../bindings/behaviour/selector.ts';
import { viewsBehave } from '../bindings/behaviour/views.ts';
import { vue } from '../support/vue/framework.ts';

describe('views', () => viewsBehave(vue));
describe('the selector', () => selectorBehaves(vue));
describe('actions', () => actionsBehave(vue));
