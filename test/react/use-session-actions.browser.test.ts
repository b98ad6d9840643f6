import { actionsBehave } from '../bindings/behaviour/actions.ts';
import { react } from '../support/react/framework.tsx';

actionsBehave(react);
