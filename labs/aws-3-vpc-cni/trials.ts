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
  'pod-groups': {
    wrong: [...closingMistakes('shop', 'pod-groups')],
    alternatives: [
      alternative(
        'a policy that admits everything changes nothing',
        ...beyond('pod-groups', leavesAnywhere('shop'), enteredFromAnywhere('shop')),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
