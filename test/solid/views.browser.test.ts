import { viewsBehave } from '../bindings/behaviour/views.ts';
import { solid } from '../support/solid/framework.tsx';

viewsBehave(solid);
