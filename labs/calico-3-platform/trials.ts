import type { StepTrials } from '../../lib/lab/trial';
import { closingMistakes } from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  vxlan: {
    wrong: [...closingMistakes('demo', 'vxlan')],
  },
  none: {
    wrong: [...closingMistakes('demo', 'none')],
  },
  reflectors: {
    wrong: [...closingMistakes('demo', 'reflectors')],
  },
  wireguard: {
    wrong: [...closingMistakes('demo', 'wireguard')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
