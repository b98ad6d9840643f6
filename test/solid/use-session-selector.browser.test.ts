import { selectorBehaves } from '../bindings/behaviour/selector.ts';
import { solid } from '../support/solid/framework.tsx';

selectorBehaves(solid);
