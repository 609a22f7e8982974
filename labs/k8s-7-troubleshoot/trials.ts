import type { StepTrials } from '../../lib/lab/trial';
import {
  applying,
  closingMistakes,
  drawn,
  isolatedAlternatives,
  mistake,
  netpol,
  openingMistakes,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  repair: {
    wrong: [
      ...closingMistakes('shop', 'healthy'),
      ...openingMistakes('shop', 'healthy'),
      drawn(
        5,
        mistake(
          'too-open',
          'backend is entered from anywhere',
          applying(
            netpol('shop/fix', {
              podSelector: { matchLabels: { app: 'backend' } },
              policyTypes: ['Ingress'],
              ingress: [{}],
            }),
          ),
        ),
      ),
    ],
    alternatives: [...isolatedAlternatives('shop', 'healthy')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
