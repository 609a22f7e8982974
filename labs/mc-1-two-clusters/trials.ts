import type { StepTrials } from '../../lib/lab/trial';
import {
  applying,
  beyond,
  closingMistakes,
  cutsNames,
  isolatedAlternatives,
  isolates,
  mistake,
  openingMistakes,
  service,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  import: {
    wrong: [
      ...closingMistakes('shop', 'imported'),
      mistake(
        'wrong-end',
        'orders leads to catalog',
        applying(
          service('shop/orders', {
            selector: { app: 'catalog' },
            ports: [{ port: 80, targetPort: 8080 }],
          }),
        ),
      ),
    ],
  },
  'by-label': {
    wrong: [
      ...openingMistakes('shop', 'by-label'),
      mistake(
        'half',
        'closed, and no rule by label',
        applying(isolates('shop', 'Ingress', 'Egress')),
      ),
      mistake('too-closed', 'no name resolves', ...beyond('by-label', cutsNames('shop'))),
    ],
    alternatives: [...isolatedAlternatives('shop', 'by-label')],
  },
  'by-cidr': {
    wrong: [...openingMistakes('shop', 'by-cidr'), ...closingMistakes('shop', 'by-cidr')],
    alternatives: [...isolatedAlternatives('shop', 'by-cidr')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
