import type { StepTrials } from '../../lib/lab/trial';
import {
  alternative,
  beyond,
  closingMistakes,
  enteredFromAnywhere,
  leavesAnywhere,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  'way-out': {
    wrong: [...closingMistakes('demo', 'own-gateway')],
    alternatives: [
      alternative(
        'a policy that admits everything changes nothing',
        ...beyond('own-gateway', leavesAnywhere('demo'), enteredFromAnywhere('demo')),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
