import type { StepTrials } from '../../lib/lab/trial';
import { closingMistakes } from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  metadata: {
    wrong: [...closingMistakes('shop', 'metadata')],
  },
  threats: {
    wrong: [...closingMistakes('shop', 'threat-feed')],
  },
  update: {
    wrong: [...closingMistakes('shop', 'feed-updated')],
  },
  'allow-list': {
    wrong: [...closingMistakes('shop', 'allow-list')],
  },
  hours: {
    wrong: [...closingMistakes('shop', 'after-hours')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
