import { ip } from '../../lib/model/address';
import type { Flow, FlowEnd, Protocol } from '../../lib/model/flow';

/** Kubernetes and Calico objects for tests, with what a test does not care about filled in. */

const named = (title: string) => {
  const [namespace, name] = title.split('/');
  return name === undefined ? { name: title } : { namespace, name };
};

export const namespace = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

export interface PodFields {
  readonly labels?: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly ip?: string;
  /** TCP ports, or ports as Kubernetes writes them. */
  readonly ports?: readonly (number | object)[];
  readonly spec?: object;
}

/** A pod `namespace/name`; it listens on TCP 80 unless told otherwise. */
export const pod = (title: string, { labels = {}, ...fields }: PodFields = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...named(title), labels },
  spec: {
    ...(fields.node === undefined ? {} : { nodeName: fields.node }),
    containers: [
      {
        name: 'main',
        image: 'main',
        ports: (fields.ports ?? [80]).map((port) =>
          typeof port === 'number' ? { containerPort: port } : port,
        ),
      },
    ],
    ...fields.spec,
  },
  ...(fields.ip === undefined ? {} : { status: { phase: 'Running', podIP: fields.ip } }),
});

export const node = (name: string, address: string, labels: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { addresses: [{ type: 'InternalIP', address }] },
});

export interface ServiceFields {
  readonly port: number;
  readonly [field: string]: unknown;
}

/** A Service `namespace/name` with one TCP port; what else is given goes into its spec. */
export const service = (title: string, { port, ...spec }: ServiceFields) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: named(title),
  spec: { ports: [{ port }], ...spec },
});

export const networkPolicy = (title: string, spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: named(title),
  spec: { podSelector: {}, ...spec },
});

/** Any Calico object; `title` is `namespace/name` or a name. */
export const calico = (kind: string, title: string, spec: object) => ({
  apiVersion: 'projectcalico.org/v3',
  kind,
  metadata: named(title),
  spec,
});

export const clusterPolicy = (name: string, spec: object) => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name },
  spec,
});

/** A flow in the words of the command line: `shop/web`, `svc:shop/db`, `node:a`, `ip:1.2.3.4`. */
export const flow = (
  from: string,
  to: string,
  port: Flow['port'],
  protocol: Protocol = 'TCP',
): Flow => ({ from: end(from), to: end(to), protocol, port });

export function end(text: string): FlowEnd {
  if (text === 'internet') return { kind: 'internet' };
  if (text.startsWith('ip:')) return { kind: 'ip', address: ip(text.slice(3)) };
  if (text.startsWith('node:')) return { kind: 'node', name: text.slice(5) };
  const [namespace = '', name = ''] = text.replace('svc:', '').split('/');
  return { kind: text.startsWith('svc:') ? 'service' : 'pod', namespace, name };
}
