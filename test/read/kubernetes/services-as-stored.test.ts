import { ip } from '../../../lib/model/address';
import type { Flow } from '../../../lib/model/flow';
import { createEngine } from '../../../lib/reach/engine';
import { worldOf } from '../../build/reading';

const node = (name: string, address: string, zone: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
  status: { addresses: [{ type: 'InternalIP', address }] },
});

const pod = (name: string, address: string, on: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name.split('-')[0] }, ...more },
  spec: { nodeName: on, containers: [{ name: 'c', image: 'i' }] },
  status: {
    phase: 'Running',
    podIP: address,
    podIPs: [{ ip: address }],
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

const deny = (name: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: `deny-${name}`, namespace: 'shop' },
  spec: { podSelector: { matchLabels: { app: name } }, policyTypes: ['Ingress'] },
});

const service = (spec: object, status: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { clusterIP: '172.20.0.9', ports: [{ port: 80 }], ...spec },
  status,
});

const leaving = { deletionTimestamp: '2026-01-01T00:00:00Z' };
const CLUSTER = [
  node('a', '10.0.0.10', 'zone-1'),
  node('b', '10.0.0.11', 'zone-2'),
  pod('client-0', '10.0.1.9', 'a'),
];
const OPEN = pod('web-0', '10.0.1.20', 'b');
const LEAVING = pod('web-1', '10.0.1.21', 'b', leaving);
const CLOSED = [pod('db-0', '10.0.1.30', 'b'), deny('db')];
const BALANCED = { loadBalancer: { ingress: [{ ip: '198.51.100.7' }] } };
const OF_OTHERS = { type: 'LoadBalancer', loadBalancerClass: 'example.com/l2' };
const toDb = { selector: { app: 'db' } };
const toWeb = { selector: { app: 'web' } };

const inside = { kind: 'pod', namespace: 'shop', name: 'client-0' } as const;
const outside = { kind: 'ip', address: ip('203.0.113.2') } as const;
const stranger = { kind: 'ip', address: ip('203.0.113.200') } as const;
const byName = { kind: 'service', namespace: 'shop', name: 'web' } as const;
const at = (address: string) => ({ kind: 'ip', address: ip(address) }) as const;
const onNode = { kind: 'node', name: 'a' } as const;

/** Rows after kubernetes pkg/proxy/nftables/proxier_test.go, pkg/proxy/topology_test.go and k8s.io/endpointslice. */
test.each<[string, readonly object[], Flow['from'], Flow['to'], number, string]>([
  ['no selector and no slice', [service({})], inside, byName, 80, 'unknown'],
  [
    'v1 Endpoints are mirrored',
    [service({}), OPEN, endpoints('10.0.1.20')],
    inside,
    byName,
    80,
    'allowed',
  ],
  ['only terminating endpoints', [service(toWeb), LEAVING], inside, byName, 80, 'allowed'],
  [
    'a selector that selects no pod',
    [service({ selector: { side: 'x' } })],
    inside,
    byName,
    80,
    'no-route',
  ],
  [
    'an external address, from inside',
    [service({ ...toDb, externalIPs: ['198.51.100.1'] }), ...CLOSED],
    inside,
    at('198.51.100.1'),
    80,
    'denied',
  ],
  [
    'an external address, from outside',
    [service({ ...toDb, externalIPs: ['198.51.100.1'] }), ...CLOSED],
    outside,
    at('198.51.100.1'),
    80,
    'denied',
  ],
  [
    'an external address without endpoint',
    [service({ ...toDb, externalIPs: ['198.51.100.1'] })],
    inside,
    at('198.51.100.1'),
    80,
    'no-route',
  ],
  [
    'another class: the pods decide',
    [service({ ...OF_OTHERS, ...toDb }, BALANCED), ...CLOSED],
    outside,
    at('198.51.100.7'),
    80,
    'denied',
  ],
  [
    'another class without an address',
    [service({ ...OF_OTHERS, ...toWeb }), OPEN],
    outside,
    byName,
    80,
    'unknown',
  ],
  [
    'a client within the source ranges',
    [
      service({ ...OF_OTHERS, ...toWeb, loadBalancerSourceRanges: ['203.0.113.0/25'] }, BALANCED),
      OPEN,
    ],
    outside,
    at('198.51.100.7'),
    80,
    'allowed',
  ],
  [
    'a client outside of them',
    [
      service({ ...OF_OTHERS, ...toWeb, loadBalancerSourceRanges: ['203.0.113.0/25'] }, BALANCED),
      OPEN,
    ],
    stranger,
    at('198.51.100.7'),
    80,
    'denied',
  ],
  [
    'the cluster address, from outside',
    [service(toWeb), OPEN],
    outside,
    at('172.20.0.9'),
    80,
    'no-route',
  ],
  [
    'an address that no Service has',
    [service(toWeb), OPEN, serviceCidr('172.20.0.0/16')],
    inside,
    at('172.20.0.77'),
    80,
    'no-route',
  ],
  [
    'the same where no file gives the block',
    [service(toWeb), OPEN],
    inside,
    at('172.20.0.77'),
    80,
    'unknown',
  ],
  [
    'node ports that are not allocated',
    [service({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ...toWeb }), OPEN],
    outside,
    onNode,
    30_000,
    'unknown',
  ],
  [
    'headless without ports',
    [service({ clusterIP: 'None', ports: [], ...toWeb }), OPEN],
    inside,
    byName,
    80,
    'allowed',
  ],
  [
    'a headless name, from a node',
    [service({ clusterIP: 'None', ...toWeb }), OPEN],
    onNode,
    byName,
    80,
    'no-route',
  ],
])('%s', (_, objects, from, to, port, verdict) => {
  const items = [...CLUSTER, ...objects];
  const world = worldOf(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const engine = createEngine(world, { staged: 'as-written' });
  expect(engine.explain({ from, to, protocol: 'TCP', port }).verdict).toBe(verdict);
});

function endpoints(address: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'web', namespace: 'shop' },
    subsets: [{ addresses: [{ ip: address }], ports: [{ port: 80 }] }],
  };
}

function serviceCidr(block: string): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes' },
    spec: { cidrs: [block] },
  };
}
