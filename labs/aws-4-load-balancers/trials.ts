import type { StepTrials } from '../../lib/lab/trial';
import {
  alternative,
  applying,
  beyond,
  closingMistakes,
  enteredFromAnywhere,
  entering,
  mistake,
  netpol,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  'wrong-source': {
    wrong: [
      ...closingMistakes('shop', 'ip-wrong-source'),
      mistake(
        'too-open',
        'every address is admitted',
        ...beyond('ip-wrong-source', enteredFromAnywhere('shop')),
      ),
      mistake(
        'wrong-value',
        'it admits another block',
        applying(
          netpol('shop/only', {
            podSelector: { matchLabels: { app: 'web' } },
            policyTypes: ['Ingress'],
            ingress: [
              { from: [{ ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ port: 8080 }] },
            ],
          }),
        ),
      ),
    ],
    alternatives: [
      alternative(
        'the policy has another name',
        applying(
          netpol('shop/only', {
            podSelector: { matchLabels: { app: 'web' } },
            policyTypes: ['Ingress'],
            ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ port: 8080 }] }],
          }),
        ),
      ),
    ],
  },
  balancer: {
    wrong: [
      ...closingMistakes('shop', 'ip-balancer'),
      mistake('earlier-stage', 'no policy: every address is admitted', entering('ip-open')),
      mistake(
        'too-open',
        'every address is admitted',
        ...beyond('ip-balancer', enteredFromAnywhere('shop')),
      ),
    ],
    alternatives: [
      alternative(
        'the public block in two halves',
        applying(
          netpol('shop/web', {
            podSelector: { matchLabels: { app: 'web' } },
            policyTypes: ['Ingress'],
            ingress: [
              {
                from: [
                  { ipBlock: { cidr: '10.0.128.0/19' } },
                  { ipBlock: { cidr: '10.0.160.0/19' } },
                ],
                ports: [{ port: 8080 }],
              },
            ],
          }),
        ),
      ),
    ],
  },
  'keep-client': {
    wrong: [
      ...closingMistakes('shop', 'ip-client'),
      mistake(
        'too-open',
        'every address is admitted',
        ...beyond('ip-client', enteredFromAnywhere('shop')),
      ),
    ],
  },
  instance: {
    wrong: [
      ...closingMistakes('shop', 'instance-local'),
      mistake(
        'too-open',
        'every address is admitted',
        ...beyond('instance-local', enteredFromAnywhere('shop')),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
