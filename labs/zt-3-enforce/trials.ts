import type { StepTrials } from '../../lib/lab/trial';
import {
  beyond,
  calicoPolicy,
  closingMistakes,
  isolatedAlternatives,
  isolatingMistakes,
  mistake,
  openingMistakes,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  close: {
    wrong: [...isolatingMistakes('shop', 'default-deny')],
    alternatives: [...isolatedAlternatives('shop', 'default-deny')],
  },
  system: {
    wrong: [...openingMistakes('shop', 'system'), ...closingMistakes('shop', 'system')],
    alternatives: [...isolatedAlternatives('shop', 'system')],
  },
  application: {
    wrong: [...openingMistakes('shop', 'application'), ...closingMistakes('shop', 'application')],
    alternatives: [...isolatedAlternatives('shop', 'application')],
  },
  egress: {
    wrong: [...openingMistakes('shop', 'egress'), ...closingMistakes('shop', 'egress')],
    alternatives: [...isolatedAlternatives('shop', 'egress')],
  },
  'next-namespace': {
    wrong: [
      ...openingMistakes('payments', 'enforced'),
      ...closingMistakes('payments', 'enforced'),
      mistake(
        'too-closed',
        'prometheus no longer reads billing',
        ...beyond(
          'enforced',
          calicoPolicy('payments/no-monitoring', {
            order: 2,
            selector: 'all()',
            types: ['Ingress'],
            ingress: [
              {
                action: 'Deny',
                source: { namespaceSelector: "projectcalico.org/name == 'monitoring'" },
              },
              { action: 'Pass' },
            ],
          }),
        ),
      ),
    ],
    alternatives: [...isolatedAlternatives('payments', 'enforced')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
