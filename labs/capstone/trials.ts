import type { StepTrials } from '../../lib/lab/trial';
import {
  alternative,
  applying,
  closingMistakes,
  isolatedAlternatives,
  isolates,
  isolatingMistakes,
  mistake,
  netpol,
  openingMistakes,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  audit: {
    wrong: [
      ...closingMistakes('store', 'audit'),
      mistake(
        'wrong-means',
        'it is enforced, not staged',
        applying(isolates('store', 'Ingress', 'Egress')),
      ),
    ],
  },
  close: {
    wrong: [...isolatingMistakes('store', 'default-deny')],
    alternatives: [...isolatedAlternatives('store', 'default-deny')],
  },
  system: {
    wrong: [...openingMistakes('store', 'system'), ...closingMistakes('store', 'system')],
    alternatives: [...isolatedAlternatives('store', 'system')],
  },
  application: {
    wrong: [...openingMistakes('store', 'application'), ...closingMistakes('store', 'application')],
    alternatives: [...isolatedAlternatives('store', 'application')],
  },
  ingress: {
    wrong: [
      ...openingMistakes('store', 'ingress'),
      ...closingMistakes('store', 'ingress'),
      mistake(
        'too-open',
        'the whole world but one block is admitted',
        applying(
          netpol('store/frontend-from-edge', {
            podSelector: { matchLabels: { app: 'frontend' } },
            policyTypes: ['Ingress'],
            ingress: [
              {
                from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['198.51.100.0/24'] } }],
                ports: [{ port: 8080 }],
              },
            ],
          }),
        ),
      ),
    ],
    alternatives: [
      ...isolatedAlternatives('store', 'ingress'),
      alternative(
        'the block in two halves',
        applying(
          netpol('store/edge', {
            podSelector: { matchLabels: { app: 'frontend' } },
            policyTypes: ['Ingress'],
            ingress: [
              {
                from: [
                  { ipBlock: { cidr: '192.0.2.0/26' } },
                  { ipBlock: { cidr: '192.0.2.64/26' } },
                ],
                ports: [{ port: 8080 }],
              },
            ],
          }),
        ),
      ),
    ],
  },
  egress: {
    wrong: [
      ...openingMistakes('store', 'egress'),
      ...closingMistakes('store', 'egress'),
      mistake(
        'too-open',
        'the neighbours of the provider are reached',
        applying(
          netpol('store/out', {
            podSelector: { matchLabels: { app: 'backend' } },
            policyTypes: ['Egress'],
            egress: [{ to: [{ ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ port: 443 }] }],
          }),
        ),
      ),
    ],
    alternatives: [...isolatedAlternatives('store', 'egress')],
  },
} satisfies Readonly<Record<string, StepTrials>>;
