import { cidr, ip } from '../../lib/model/address';
import type { Policy, Rule } from '../../lib/model/policy';
import { NAMESPACE_LABEL, NAMESPACE_PREFIX, ORCHESTRATOR_LABEL } from '../../lib/model/selector';
import type { NodeEndpoint, PodEndpoint, Service, World } from '../../lib/model/world';

/** Worlds written by hand, so that what these tests say depends on no reader. */
export const world = (parts: Partial<World>): World => ({
  namespaces: [],
  nodes: [],
  pods: [],
  outside: [],
  services: [],
  tiers: [],
  policies: [],
  networkSets: [],
  hostEndpoints: [],
  vpcs: [],
  clusterDomain: 'cluster.local',
  serviceCidr: cidr('172.20.0.0/16'),
  ...parts,
});

export const node = (name: string, ...addresses: string[]): NodeEndpoint => ({
  kind: 'node',
  name,
  labels: { 'kubernetes.io/hostname': name },
  addresses: addresses.map(ip),
});

/** `pod('shop/web', 'a', '10.0.1.10', { tcp: 80 })`. */
export function pod(
  id: string,
  on: string,
  address: string | readonly string[],
  more: Partial<PodEndpoint> = {},
): PodEndpoint {
  const [namespace = '', name = ''] = id.split('/');
  return {
    kind: 'pod',
    namespace,
    name,
    workload: `Pod/${name}`,
    addresses: [address].flat().map(ip),
    node: on,
    hostNetwork: false,
    ready: true,
    ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
    serviceAccount: 'default',
    ...more,
    labels: {
      app: name,
      [NAMESPACE_LABEL]: namespace,
      [ORCHESTRATOR_LABEL]: 'k8s',
      [`${NAMESPACE_PREFIX}kubernetes.io/metadata.name`]: namespace,
      ...more.labels,
    },
  };
}

export const service = (id: string, parts: Partial<Service>): Service => {
  const [namespace = '', name = ''] = id.split('/');
  return {
    namespace,
    name,
    type: 'ClusterIP',
    clusterIps: [],
    headless: false,
    ports: [],
    internalTrafficPolicy: 'Cluster',
    externalTrafficPolicy: 'Cluster',
    ...parts,
  };
};

export const policy = (id: string, parts: Partial<Policy>): Policy => {
  const [namespace, name = ''] = id.includes('/') ? id.split('/') : [undefined, id];
  return {
    kind: 'NetworkPolicy',
    ...(namespace === undefined ? {} : { namespace }),
    name,
    tier: 'default',
    order: 1000,
    staged: 'no',
    subject: { kind: 'all' },
    hook: 'normal',
    ingress: undefined,
    egress: undefined,
    ...parts,
  };
};

export const rule = (parts: Partial<Rule> = {}): Rule => ({
  index: 0,
  action: 'allow',
  source: 'any',
  destination: 'any',
  traffic: 'any',
  ...parts,
});

/** Traffic of a protocol to one port. */
export const to = (protocol: 'TCP' | 'UDP' | 'SCTP', ...ports: (number | string)[]) => ({
  protocol,
  destinationPorts: ports.map((port) =>
    typeof port === 'number' ? { first: port, last: port } : { name: port },
  ),
  sourcePorts: 'any' as const,
});

/** Pods of a namespace, all or those with a label `app`. */
export const pods = (namespace: string, app?: string) => ({
  selector: {
    kind: 'and' as const,
    operands: [
      { kind: 'equals' as const, label: NAMESPACE_LABEL, value: namespace },
      ...(app === undefined ? [] : [{ kind: 'equals' as const, label: 'app', value: app }]),
    ],
  },
});

/**
 * Two nodes; `web`, `api` and `db` in `shop`, a `stranger` outside it; `db` takes only `api` on its
 * named port, and nobody else's word counts.
 */
export const shop = world({
  nodes: [node('a', '10.0.0.10'), node('b', '10.0.0.20')],
  pods: [
    pod('shop/web', 'a', '10.0.1.10'),
    pod('shop/api', 'a', '10.0.1.11'),
    pod('shop/db', 'b', '10.0.2.10', { ports: [{ name: 'pg', protocol: 'TCP', port: 5432 }] }),
    pod('other/stranger', 'b', '10.0.2.11'),
  ],
  outside: [
    {
      kind: 'outside',
      name: 'internet',
      addresses: [ip('203.0.113.10')],
      ports: [{ protocol: 'TCP', port: 443 }],
    },
  ],
  services: [
    service('shop/db', {
      clusterIps: [ip('172.20.0.5')],
      ports: [
        {
          name: 'pg',
          protocol: 'TCP',
          port: 5432,
          backends: [{ address: ip('10.0.2.10'), port: 5432, ready: true, node: 'b' }],
        },
      ],
    }),
  ],
  policies: [
    policy('shop/default-deny', {
      subject: pods('shop').selector,
      ingress: [],
    }),
    policy('shop/db-from-api', {
      subject: pods('shop', 'db').selector,
      ingress: [rule({ source: [pods('shop', 'api')], traffic: [to('TCP', 'pg')] })],
    }),
  ],
});
