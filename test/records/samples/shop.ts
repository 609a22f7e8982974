import type { World } from '../../../lib/model/world';
import { worldOf } from '../../build/world-of';

/** What a sample file holds: text, or bytes. */
export type Content = string | Uint8Array;

/** A file of records, and what is right to read from it. */
export interface Sample {
  readonly name: string;
  readonly content: Content;
  /** Calls in few words: `web -> api 8080`, `deny web -> db 5432`, `web -> dns 53/UDP`. */
  readonly calls?: readonly string[];
  /** Kinds of notes that have to be there, and `skipped` where lines are skipped. */
  readonly says?: readonly string[];
  /** The file is refused, in these words. */
  readonly refused?: string;
  /** Objects beside those of the shop. */
  readonly more?: readonly object[];
  readonly logFormat?: string;
}

/** Pods of one ReplicaSet, StatefulSet or DaemonSet, as `kubectl get pods -o yaml` prints them. */
function pods(
  owner: { readonly kind: string; readonly name: string; readonly namespace: string },
  labels: object,
  ports: readonly object[],
  all: readonly (readonly [suffix: string, node: string, address: string])[],
  hostNetwork = false,
): readonly object[] {
  return all.map(([suffix, nodeName, podIP]) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: owner.namespace,
      name: `${owner.name}-${suffix}`,
      labels,
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: owner.kind, name: owner.name, controller: true, uid: 'u' },
      ],
    },
    spec: { nodeName, hostNetwork, containers: [{ name: 'c', image: 'x', ports }] },
    status: { phase: 'Running', podIP, podIPs: [{ ip: podIP }] },
  }));
}

const place = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const machine = (name: string, address: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { addresses: [{ type: 'InternalIP', address }] },
});
const service = (namespace: string, name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name },
  spec: { type: 'ClusterIP', ...spec },
});
const set = (namespace: string, kind: string, name: string) => ({ namespace, kind, name });

const DNS = [
  { containerPort: 53, protocol: 'UDP' },
  { containerPort: 53, protocol: 'TCP' },
];

/** A dump of a small cluster: web, api and db of a shop, DNS, Prometheus, and an agent on a node's network. */
export const SHOP: readonly object[] = [
  ...['kube-system', 'shop', 'monitoring'].map(place),
  machine('n1', '10.0.1.10'),
  machine('n2', '10.0.2.10'),
  ...pods(
    set('kube-system', 'ReplicaSet', 'coredns-7b98449c4'),
    { 'k8s-app': 'kube-dns', 'pod-template-hash': '7b98449c4' },
    DNS,
    [
      ['d8f2k', 'n1', '10.0.1.53'],
      ['p4m9s', 'n2', '10.0.2.53'],
    ],
  ),
  ...pods(
    set('shop', 'ReplicaSet', 'web-6c7d9f8b5d'),
    { app: 'web', 'pod-template-hash': '6c7d9f8b5d' },
    [{ containerPort: 8080 }],
    [
      ['x7k2p', 'n1', '10.0.1.101'],
      ['q9w4z', 'n2', '10.0.2.101'],
    ],
  ),
  ...pods(
    set('shop', 'ReplicaSet', 'api-5f4b8c7d66'),
    { app: 'api', 'pod-template-hash': '5f4b8c7d66' },
    [{ containerPort: 8080 }],
    [
      ['x7k2p', 'n1', '10.0.1.102'],
      ['q9w4z', 'n2', '10.0.2.102'],
    ],
  ),
  ...pods(
    set('shop', 'StatefulSet', 'db'),
    { app: 'db' },
    [{ containerPort: 5432 }],
    [['0', 'n1', '10.0.1.103']],
  ),
  ...pods(
    set('monitoring', 'ReplicaSet', 'prometheus-79c5b4f9d8'),
    { app: 'prometheus', 'pod-template-hash': '79c5b4f9d8' },
    [{ containerPort: 9090 }],
    [['x7k2p', 'n2', '10.0.2.104']],
  ),
  ...pods(
    set('monitoring', 'DaemonSet', 'node-exporter'),
    { app: 'node-exporter' },
    [{ containerPort: 9100 }],
    [['k2v7x', 'n1', '10.0.1.10']],
    true,
  ),
  service('shop', 'api', {
    selector: { app: 'api' },
    clusterIP: '172.20.10.1',
    ports: [{ port: 80, targetPort: 8080 }],
  }),
];

/** The shop with more objects. */
export const shopWith = (more: readonly object[] = []): World => worldOf([...SHOP, ...more]);
