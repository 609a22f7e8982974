import type { StepTrials } from '../../lib/lab/trial';
import {
  applying,
  closingMistakes,
  drawn,
  leavesAnywhere,
  mistake,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  repair: {
    wrong: [
      ...closingMistakes('demo', 'whole'),
      drawn(
        5,
        mistake('too-open', 'every pod leaves to anywhere', applying(leavesAnywhere('demo'))),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
