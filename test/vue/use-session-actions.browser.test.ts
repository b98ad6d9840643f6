import { actionsBehave } from '../bindings/behaviour/actions.ts';
import { vue } from '../support/vue/framework.ts';

actionsBehave(vue);
