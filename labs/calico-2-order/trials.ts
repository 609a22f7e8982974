import type { StepTrials } from '../../lib/lab/trial';
import { closingMistakes } from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  'network-set': {
    wrong: [...closingMistakes('shop', 'network-set')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
