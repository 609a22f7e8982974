import { chart } from '../chart';
import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import { app, networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import type { LabStages, StageCharts } from '../stage';
import { namespaces, PerNode } from '../workload';

const namespace = 'demo';

/** A client and a server in every zone, and a client that must reach the internet too. */
const Application = chart((scope) => {
  namespaces(scope, namespace);
  new PerNode(scope, { name: 'client', namespace, port: 8080 });
  new PerNode(scope, { name: 'server', namespace, port: 8080 });
});

const paths = (outside: string) =>
  chart((scope) => {
    networkPolicy(scope, 'demo/client', {
      podSelector: { matchLabels: { app: 'client' } },
      policyTypes: ['Egress'],
      egress: [
        { to: [app('server')], ports: [tcp(8080)] },
        { to: [{ ipBlock: { cidr: outside } }], ports: [tcp(443)] },
      ],
    });
    networkPolicy(scope, 'demo/server', {
      podSelector: { matchLabels: { app: 'server' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [app('client')], ports: [tcp(8080)] }],
    });
  });

const whole: StageCharts = [
  Application,
  defaultDeny(namespace),
  allowDns(namespace),
  paths('203.0.113.0/24'),
];

export const stages = {
  whole,
  'no-route': whole,
  'acl-forgets-replies': whole,
  'acl-denies-out': whole,
  'group-too-narrow': whole,
  'group-closed-out': whole,
  'policy-wrong-block': [
    Application,
    defaultDeny(namespace),
    allowDns(namespace),
    paths('198.51.100.0/24'),
  ],
} satisfies LabStages;
