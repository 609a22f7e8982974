import type { StepTrials } from '../../lib/lab/trial';
import {
  alternative,
  applying,
  beyond,
  calicoPolicy,
  closesEntering,
  closingMistakes,
  cutsNames,
  isolatedAlternatives,
  isolatedOnceMore,
  isolatingMistakes,
  mistake,
  netpol,
  openingMistakes,
  service,
} from '../../lib/lab/trial-words';

/** What the acceptance run tries at each step, by the step's id. */
export const trials = {
  deny: {
    wrong: [
      ...isolatingMistakes('policy-test', 'default-deny'),
      mistake(
        'half',
        'the client is not selected',
        applying(
          calicoPolicy('policy-test/deny', {
            selector: "app == 'web'",
            types: ['Ingress', 'Egress'],
          }),
        ),
      ),
      mistake(
        'one-direction',
        'leaving stays open',
        applying(calicoPolicy('policy-test/deny', { selector: 'all()', types: ['Ingress'] })),
      ),
    ],
    alternatives: [
      ...isolatedAlternatives('policy-test', 'default-deny'),
      alternative(
        'rules that deny',
        applying(
          calicoPolicy('policy-test/deny', {
            selector: 'all()',
            types: ['Ingress', 'Egress'],
            ingress: [{ action: 'Deny' }],
            egress: [{ action: 'Deny' }],
          }),
        ),
      ),
    ],
  },
  'as-written': {
    wrong: [
      ...openingMistakes('policy-test', 'as-written'),
      mistake(
        'too-closed',
        'web is not entered',
        ...beyond('as-written', closesEntering('policy-test')),
      ),
    ],
  },
  dns: {
    wrong: [
      ...openingMistakes('policy-test', 'dns-found'),
      mistake('too-closed', 'no name resolves', ...beyond('dns-found', cutsNames('policy-test'))),
      mistake(
        'half',
        'nginx-1 lost the rule',
        applying(
          calicoPolicy('policy-test/allow-dns', {
            selector: "app == 'client'",
            types: ['Egress'],
            egress: ['UDP', 'TCP'].map((protocol) => ({
              action: 'Allow',
              protocol,
              destination: {
                namespaceSelector: "projectcalico.org/name == 'kube-system'",
                selector: "k8s-app == 'kube-dns'",
                ports: [53],
              },
            })),
          }),
        ),
      ),
    ],
    alternatives: [
      ...isolatedOnceMore('policy-test', 'dns-found'),
      alternative(
        'two selectors for all pods',
        applying(
          calicoPolicy('policy-test/allow-dns', {
            selector: 'has(app)',
            types: ['Egress'],
            egress: ['UDP', 'TCP'].map((protocol) => ({
              action: 'Allow',
              protocol,
              destination: {
                namespaceSelector: "projectcalico.org/name == 'kube-system'",
                selector: "k8s-app == 'kube-dns'",
                ports: [53],
              },
            })),
          }),
        ),
      ),
    ],
  },
  name: {
    wrong: [
      ...openingMistakes('policy-test', 'named'),
      mistake(
        'wrong-end',
        'the name leads to the client',
        applying(
          service('policy-test/nginx-1', {
            selector: { app: 'client' },
            ports: [{ port: 80, targetPort: 8080 }],
          }),
        ),
      ),
      mistake(
        'wrong-value',
        'the Service leads to port 80 of the pod',
        applying(
          service('policy-test/nginx-1', { selector: { app: 'web' }, ports: [{ port: 80 }] }),
        ),
      ),
    ],
    alternatives: [...isolatedOnceMore('policy-test', 'named')],
  },
  egress: {
    wrong: [
      ...openingMistakes('policy-test', 'client-out'),
      ...closingMistakes('policy-test', 'client-out'),
    ],
    alternatives: [
      ...isolatedOnceMore('policy-test', 'client-out'),
      alternative(
        'a NetworkPolicy of Kubernetes',
        applying(
          netpol('policy-test/out', {
            podSelector: { matchLabels: { app: 'client' } },
            policyTypes: ['Egress'],
            egress: [
              { to: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 8080 }] },
            ],
          }),
        ),
      ),
    ],
  },
} satisfies Readonly<Record<string, StepTrials>>;
