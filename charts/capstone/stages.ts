import { chart } from '../chart';
import { StagedNetworkPolicy } from '../kinds/calico';
import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import { app, networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import { allowMonitoring } from '../policies/system';
import type { LabStages, StageCharts } from '../stage';
import { namespaces, Workload } from '../workload';

const namespace = 'store';
/** Subnets of the load balancer that stands before frontend; its own addresses are what pods see. */
export const EDGE = '192.0.2.0/25';
/** The payment provider: the one address that backend calls outside. */
export const PROVIDER = '198.51.100.20';

const Store = chart((scope) => {
  namespaces(scope, namespace, 'monitoring', 'other');
  new Workload(scope, { name: 'frontend', namespace, port: 8080, replicas: 3 });
  new Workload(scope, { name: 'backend', namespace, port: 8080, replicas: 2 });
  new Workload(scope, { name: 'db', namespace, port: 5432 });
  new Workload(scope, { name: 'prometheus', namespace: 'monitoring', port: 9090 });
  new Workload(scope, { name: 'tenant', namespace: 'other', port: 8080 });
});

/** Before anything closes: what would a default deny have closed? */
const Audit = chart((scope) => {
  new StagedNetworkPolicy(scope, {
    name: 'default-deny',
    namespace,
    spec: { stagedAction: 'Set', selector: 'all()', types: ['Ingress', 'Egress'] },
  });
});

const Paths = chart((scope) => {
  networkPolicy(scope, 'store/frontend', {
    podSelector: { matchLabels: { app: 'frontend' } },
    policyTypes: ['Egress'],
    egress: [{ to: [app('backend')], ports: [tcp(8080)] }],
  });
  networkPolicy(scope, 'store/backend', {
    podSelector: { matchLabels: { app: 'backend' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [app('frontend')], ports: [tcp(8080)] }],
    egress: [{ to: [app('db')], ports: [tcp(5432)] }],
  });
  networkPolicy(scope, 'store/db', {
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [app('backend')], ports: [tcp(5432)] }],
  });
});

const Ingress = chart((scope) =>
  networkPolicy(scope, 'store/frontend-from-edge', {
    podSelector: { matchLabels: { app: 'frontend' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ ipBlock: { cidr: EDGE } }], ports: [tcp(8080)] }],
  }),
);

const Egress = chart((scope) =>
  networkPolicy(scope, 'store/backend-to-provider', {
    podSelector: { matchLabels: { app: 'backend' } },
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: `${PROVIDER}/32` } }], ports: [tcp(443)] }],
  }),
);

const closed: StageCharts = [Store, defaultDeny(namespace)];
const system: StageCharts = [...closed, allowDns(namespace), allowMonitoring(namespace, 8080)];
const application: StageCharts = [...system, Paths];
const ingress: StageCharts = [...application, Ingress];

export const stages = {
  open: [Store],
  audit: [Store, Audit],
  'default-deny': closed,
  system,
  application,
  ingress,
  egress: [...ingress, Egress],
} satisfies LabStages;
