import { describe } from 'vitest';
import { actionsBehave } from '../bindings/behaviour/actions.ts';
import { selectorBehaves } from '../bindings/behaviour/selector.ts';
import { viewsBehave } from '../bindings/behaviour/views.ts';
import { react } from '../support/react/framework.tsx';

describe('views', () => viewsBehave(react));
describe('the selector', () => selectorBehaves(react));
describe('actions', () => actionsBehave(react));
