import { actionsBehave } from '../bindings/behaviour/actions.ts';
import { solid } from '../support/solid/framework.tsx';

actionsBehave(solid);
