import type { StepTrials } from '../../lib/lab/trial';
import {
  alternative,
  applying,
  calicoPolicy,
  closingMistakes,
  isolatedAlternatives,
  isolates,
  isolatingMistakes,
  leavesAnywhere,
  mistake,
  netpol,
  openingMistakes,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  isolate: {
    wrong: [
      ...isolatingMistakes('shop', 'default-deny'),
      mistake(
        'half',
        'backend is not selected',
        applying(
          netpol('shop/some', {
            podSelector: {
              matchExpressions: [{ key: 'app', operator: 'In', values: ['frontend', 'db'] }],
            },
            policyTypes: ['Ingress', 'Egress'],
          }),
        ),
      ),
    ],
    alternatives: [
      ...isolatedAlternatives('shop', 'default-deny'),
      alternative(
        'one policy for each direction',
        applying(isolates('shop', 'Ingress'), isolates('shop', 'Egress')),
      ),
      alternative(
        'one policy for each workload',
        applying(
          ...['frontend', 'backend', 'db'].map((app) =>
            netpol(`shop/${app}-only`, {
              podSelector: { matchLabels: { app } },
              policyTypes: ['Ingress', 'Egress'],
            }),
          ),
        ),
      ),
      alternative(
        'a policy of Calico without rules',
        applying(calicoPolicy('shop/deny', { selector: 'all()', types: ['Ingress', 'Egress'] })),
      ),
    ],
  },
  names: {
    wrong: [
      ...openingMistakes('shop', 'dns'),
      mistake('too-open', 'leaving is open to every address', applying(leavesAnywhere('shop'))),
      mistake(
        'too-open',
        'port 53 of every address is open',
        applying(
          netpol('shop/names', {
            podSelector: {},
            policyTypes: ['Egress'],
            egress: [
              {
                ports: [
                  { protocol: 'UDP', port: 53 },
                  { protocol: 'TCP', port: 53 },
                ],
              },
            ],
          }),
        ),
      ),
      mistake(
        'too-open',
        'every pod of kube-system is open',
        applying(
          netpol('shop/names', {
            podSelector: {},
            policyTypes: ['Egress'],
            egress: [
              {
                to: [
                  {
                    namespaceSelector: {
                      matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
                    },
                  },
                ],
                ports: [
                  { protocol: 'UDP', port: 53 },
                  { protocol: 'TCP', port: 53 },
                ],
              },
            ],
          }),
        ),
      ),
      mistake(
        'half',
        'db still resolves nothing',
        applying(
          netpol('shop/names', {
            podSelector: { matchLabels: { app: 'frontend' } },
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
                ports: [
                  { protocol: 'UDP', port: 53 },
                  { protocol: 'TCP', port: 53 },
                ],
              },
            ],
          }),
        ),
      ),
      mistake(
        'half',
        'long answers over TCP are closed',
        applying(
          netpol('shop/names', {
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
      ...isolatedAlternatives('shop', 'dns'),
      alternative(
        'a policy for UDP and one for TCP',
        applying(
          netpol('shop/udp', {
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
          netpol('shop/tcp', {
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
                ports: [{ protocol: 'TCP', port: 53 }],
              },
            ],
          }),
        ),
      ),
    ],
  },
  paths: {
    wrong: [
      ...openingMistakes('shop', 'app'),
      ...closingMistakes('shop', 'app'),
      mistake(
        'too-open',
        'frontend reaches every port of backend',
        applying(
          netpol('shop/frontend', {
            podSelector: { matchLabels: { app: 'frontend' } },
            policyTypes: ['Egress'],
            egress: [{ to: [{ podSelector: { matchLabels: { app: 'backend' } } }] }],
          }),
          netpol('shop/backend', {
            podSelector: { matchLabels: { app: 'backend' } },
            policyTypes: ['Ingress', 'Egress'],
            ingress: [{ from: [{ podSelector: { matchLabels: { app: 'frontend' } } }] }],
            egress: [
              { to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 5432 }] },
            ],
          }),
          netpol('shop/db', {
            podSelector: { matchLabels: { app: 'db' } },
            policyTypes: ['Ingress'],
            ingress: [
              {
                from: [{ podSelector: { matchLabels: { app: 'backend' } } }],
                ports: [{ port: 5432 }],
              },
            ],
          }),
        ),
      ),
    ],
    alternatives: [
      ...isolatedAlternatives('shop', 'app'),
      alternative(
        'the same rules under other names',
        applying(
          netpol('shop/frontend', {
            podSelector: { matchLabels: { app: 'frontend' } },
            policyTypes: ['Egress'],
            egress: [
              {
                to: [{ podSelector: { matchLabels: { app: 'backend' } } }],
                ports: [{ port: 8080 }],
              },
            ],
          }),
          netpol('shop/backend', {
            podSelector: { matchLabels: { app: 'backend' } },
            policyTypes: ['Ingress', 'Egress'],
            ingress: [
              {
                from: [{ podSelector: { matchLabels: { app: 'frontend' } } }],
                ports: [{ port: 8080 }],
              },
            ],
            egress: [
              { to: [{ podSelector: { matchLabels: { app: 'db' } } }], ports: [{ port: 5432 }] },
            ],
          }),
          netpol('shop/db', {
            podSelector: { matchLabels: { app: 'db' } },
            policyTypes: ['Ingress'],
            ingress: [
              {
                from: [{ podSelector: { matchLabels: { app: 'backend' } } }],
                ports: [{ port: 5432 }],
              },
            ],
          }),
        ),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
