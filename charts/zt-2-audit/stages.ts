import { chart } from '../chart';
import { type CalicoPolicySpec, StagedNetworkPolicy } from '../kinds/calico';
import type { LabStages } from '../stage';
import { Application } from '../zero-trust/application';

const namespace = 'shop';

const staged = (name: string, spec: CalicoPolicySpec) =>
  chart((scope) => {
    new StagedNetworkPolicy(scope, { name, namespace, spec: { stagedAction: 'Set', ...spec } });
  });

/** What enforcing a default deny would do to everybody, counted and not done. */
const Deny = staged('default-deny', { selector: 'all()', types: ['Ingress', 'Egress'] });

const calls = (to: string, port: number) =>
  ({
    action: 'Allow',
    protocol: 'TCP',
    destination: { selector: `app == "${to}"`, ports: [port] },
  }) as const;

const admits = (from: string, port: number) =>
  ({
    action: 'Allow',
    protocol: 'TCP',
    source: { selector: `app == "${from}"` },
    destination: { ports: [port] },
  }) as const;

const Dns = staged('allow-dns', {
  selector: 'all()',
  types: ['Egress'],
  egress: (['UDP', 'TCP'] as const).map((protocol) => ({
    action: 'Allow',
    protocol,
    destination: {
      namespaceSelector: 'projectcalico.org/name == "kube-system"',
      selector: 'k8s-app == "kube-dns"',
      ports: [53],
    },
  })),
});

/** The first draft: what a person remembered. Monitoring and the call to payments are missing. */
const Draft = [
  Dns,
  staged('web', { selector: 'app == "web"', types: ['Egress'], egress: [calls('api', 8080)] }),
  staged('api', {
    selector: 'app == "api"',
    types: ['Ingress', 'Egress'],
    ingress: [admits('web', 8080)],
    egress: [calls('db', 5432)],
  }),
  staged('db', { selector: 'app == "db"', types: ['Ingress'], ingress: [admits('api', 5432)] }),
];

/** What the report of would-be denials added: monitoring, billing, the partner. */
const Refined = [
  staged('allow-monitoring', {
    selector: 'all()',
    types: ['Ingress'],
    ingress: [
      {
        action: 'Allow',
        protocol: 'TCP',
        source: {
          namespaceSelector: 'projectcalico.org/name == "monitoring"',
          selector: 'app == "prometheus"',
        },
        destination: { ports: [8080, 5432] },
      },
    ],
  }),
  staged('api-outward', {
    selector: 'app == "api"',
    types: ['Egress'],
    egress: [
      {
        action: 'Allow',
        protocol: 'TCP',
        destination: {
          namespaceSelector: 'projectcalico.org/name == "payments"',
          selector: 'app == "billing"',
          ports: [8443],
        },
      },
      {
        action: 'Allow',
        protocol: 'TCP',
        destination: { nets: ['198.51.100.20/32'], ports: [443] },
      },
    ],
  }),
];

export const stages = {
  open: [Application],
  'staged-deny': [Application, Deny],
  draft: [Application, Deny, ...Draft],
  refined: [Application, Deny, ...Draft, ...Refined],
} satisfies LabStages;
