import { selectorBehaves } from '../bindings/behaviour/selector.ts';
import { svelte } from '../support/svelte/framework.ts';

selectorBehaves(svelte);
