import { selectorBehaves } from '../bindings/behaviour/selector.ts';
import { vue } from '../support/vue/framework.ts';

selectorBehaves(vue);
