import type { StepTrials } from '../../lib/lab/trial';
import { closingMistakes } from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  audit: {
    wrong: [...closingMistakes('test', 'audit-test')],
  },
  'enforce-test': {
    wrong: [...closingMistakes('test', 'enforce-test')],
  },
  'enforce-team-a': {
    wrong: [...closingMistakes('test', 'enforce-team-a')],
  },
  finish: {
    wrong: [...closingMistakes('test', 'enforce-all')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
