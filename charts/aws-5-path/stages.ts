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

/** Whom the two policies name; a fault changes one of them. */
interface Admitted {
  readonly outside: string;
  readonly caller: string;
  readonly port: number;
  /** Whether the client's policy has a rule to the server. */
  readonly toServer: boolean;
}

const right: Admitted = {
  outside: '203.0.113.0/24',
  caller: 'client',
  port: 8080,
  toServer: true,
};

const paths = (changed: Partial<Admitted>) =>
  chart((scope) => {
    const { outside, caller, port, toServer } = { ...right, ...changed };
    const rule = { to: [app('server')], ports: [tcp(8080)] };
    networkPolicy(scope, 'demo/client', {
      podSelector: { matchLabels: { app: 'client' } },
      policyTypes: ['Egress'],
      egress: [
        ...(toServer ? [rule] : []),
        { to: [{ ipBlock: { cidr: outside } }], ports: [tcp(443)] },
      ],
    });
    networkPolicy(scope, 'demo/server', {
      podSelector: { matchLabels: { app: 'server' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [app(caller)], ports: [tcp(port)] }],
    });
  });

const withPaths = (changed: Partial<Admitted>): StageCharts => [
  Application,
  defaultDeny(namespace),
  allowDns(namespace),
  paths(changed),
];

const whole = withPaths({});

export const stages = {
  whole,
  'no-route': whole,
  'acl-forgets-replies': whole,
  'acl-denies-out': whole,
  'group-too-narrow': whole,
  'group-closed-out': whole,
  'policy-wrong-block': withPaths({ outside: '198.51.100.0/24' }),
  'acl-denies-port': whole,
  'acl-nodes-forgets-replies': whole,
  'acl-public-closed': whole,
  'acl-pods-closed': whole,
  'no-internet-gateway': whole,
  'group-protocol': whole,
  'policy-port': withPaths({ port: 80 }),
  'policy-caller': withPaths({ caller: 'clients' }),
  'policy-no-egress': withPaths({ toServer: false }),
} satisfies LabStages;
