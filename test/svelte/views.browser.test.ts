import { viewsBehave } from '../bindings/behaviour/views.ts';
import { svelte } from '../support/svelte/framework.ts';

viewsBehave(svelte);
