import type { StepTrials } from '../../lib/lab/trial';
import {
  alternative,
  applying,
  beyond,
  closingMistakes,
  entering,
  leavesAnywhere,
  mistake,
  netpol,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  cut: {
    wrong: [
      ...closingMistakes('shop', 'cut'),
      mistake(
        'too-open',
        'the client leaves to anywhere',
        ...beyond('cut', leavesAnywhere('shop')),
      ),
    ],
  },
  repair: {
    wrong: [
      ...closingMistakes('shop', 'repaired'),
      mistake('earlier-stage', 'the policy is gone and everything is open', entering('open')),
      mistake(
        'too-open',
        'the client leaves to anywhere',
        applying(
          netpol('shop/fix', {
            podSelector: { matchLabels: { app: 'client' } },
            policyTypes: ['Egress'],
            egress: [{}],
          }),
        ),
      ),
      mistake(
        'half',
        'over UDP alone, and db and web are isolated as well',
        applying(
          netpol('shop/fix', {
            podSelector: {},
            policyTypes: ['Egress'],
            egress: [
              {
                to: [
                  {
                    namespaceSelector: {
                      matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
                    },
                    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
                  },
                ],
                ports: [{ protocol: 'UDP', port: 53 }],
              },
            ],
          }),
        ),
      ),
    ],
    alternatives: [
      alternative(
        'a policy for each protocol',
        applying(
          netpol('shop/udp', {
            podSelector: { matchLabels: { app: 'client' } },
            policyTypes: ['Egress'],
            egress: [
              {
                to: [
                  {
                    namespaceSelector: {
                      matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
                    },
                    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
                  },
                ],
                ports: [{ protocol: 'UDP', port: 53 }],
              },
            ],
          }),
          netpol('shop/tcp', {
            podSelector: { matchLabels: { app: 'client' } },
            policyTypes: ['Egress'],
            egress: [
              {
                to: [
                  {
                    namespaceSelector: {
                      matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
                    },
                    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
                  },
                ],
                ports: [{ protocol: 'TCP', port: 53 }],
              },
            ],
          }),
        ),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
