import type { StepTrials } from '../../lib/lab/trial';
import { closingMistakes } from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  ingress: {
    wrong: [...closingMistakes('edge', 'ingress')],
  },
  gateway: {
    wrong: [...closingMistakes('edge', 'gateway')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
