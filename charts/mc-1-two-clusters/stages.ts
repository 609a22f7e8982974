import { k8s } from 'cdk8s-plus-28';
import { chart } from '../chart';
import { allowDns } from '../policies/allow-dns';
import { defaultDeny } from '../policies/default-deny';
import { app, networkPolicy } from '../policies/network-policy';
import { tcp } from '../policies/ports';
import type { LabStages } from '../stage';
import { namespaces, Workload } from '../workload';

/** A pod of the other cluster, as an address: its labels are not known here. */
export const OTHER_ORDERS = '10.1.7.10';

const namespace = 'shop';

const Here = chart((scope) => {
  namespaces(scope, namespace);
  new Workload(scope, { name: 'web', namespace, port: 8080 });
  new Workload(scope, { name: 'catalog', namespace, port: 8080 });
});

/** The service `orders` of the other cluster: a name here, and the addresses there. */
const OtherOrders = chart((scope) => {
  new k8s.KubeService(scope, 'orders', {
    metadata: { name: 'orders', namespace },
    spec: { ports: [{ name: 'http', protocol: 'TCP', port: 80 }] },
  });
  new k8s.KubeEndpointSlice(scope, 'orders-slice', {
    metadata: {
      name: 'orders-other-cluster',
      namespace,
      labels: { 'kubernetes.io/service-name': 'orders' },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: [{ addresses: [OTHER_ORDERS], conditions: { ready: true } }],
  });
});

/** Written as if the other cluster were a namespace of this one: it selects no pod. */
const ByLabel = chart((scope) =>
  networkPolicy(scope, 'shop/catalog', {
    podSelector: { matchLabels: { app: 'catalog' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'orders' } } }],
        ports: [tcp(8080)],
      },
    ],
  }),
);

/** By address: the subnet in which the other cluster runs `orders`, not all of its pods. */
const ByCidr = chart((scope) => {
  networkPolicy(scope, 'shop/catalog', {
    podSelector: { matchLabels: { app: 'catalog' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [app('web'), { ipBlock: { cidr: '10.1.7.0/24' } }], ports: [tcp(8080)] }],
  });
  networkPolicy(scope, 'shop/web', {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Egress'],
    egress: [
      { to: [app('catalog')], ports: [tcp(8080)] },
      { to: [{ ipBlock: { cidr: '10.1.7.0/24' } }], ports: [tcp(8080)] },
    ],
  });
});

const closed = [Here, OtherOrders, defaultDeny(namespace), allowDns(namespace)];

export const stages = {
  open: [Here],
  imported: [Here, OtherOrders],
  'by-label': [...closed, ByLabel],
  'by-cidr': [...closed, ByCidr],
} satisfies LabStages;
