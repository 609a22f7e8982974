import type { StepTrials } from '../../lib/lab/trial';
import { closingMistakes } from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  scale: {
    wrong: [...closingMistakes('demo', 'four')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
