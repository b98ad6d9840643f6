import { describe } from 'vitest';
import { actionsBehave } from '../bindings/behaviour/actions.ts';
import { selectorBehaves } from '../bindings/behaviour/selector.ts';
import { viewsBehave } from '../bindings/behaviour/views.ts';
import { svelte } from '../support/svelte/framework.ts';

describe('views', () => viewsBehave(svelte));
describe('the selector', () => selectorBehaves(svelte));
describe('actions', () => actionsBehave(svelte));
