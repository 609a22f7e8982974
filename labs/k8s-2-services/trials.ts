import type { StepTrials } from '../../lib/lab/trial';
import { closingMistakes } from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  endpoints: {
    wrong: [...closingMistakes('demo', 'cluster-ip')],
  },
  headless: {
    wrong: [...closingMistakes('demo', 'headless')],
  },
  'node-port': {
    wrong: [...closingMistakes('demo', 'node-port')],
  },
  alias: {
    wrong: [...closingMistakes('demo', 'external-name')],
  },
  'by-hand': {
    wrong: [...closingMistakes('demo', 'by-hand')],
  },
  'load-balancer': {
    wrong: [...closingMistakes('demo', 'load-balancer')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
