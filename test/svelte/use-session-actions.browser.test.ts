import { actionsBehave } from '../bindings/behaviour/actions.ts';
import { svelte } from '../support/svelte/framework.ts';

actionsBehave(svelte);
