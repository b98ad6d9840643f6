import { viewsBehave } from '../bindings/behaviour/views.ts';
import { vue } from '../support/vue/framework.ts';

viewsBehave(vue);
