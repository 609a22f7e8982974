import type { PortRange } from '../../model/policy';
import type { AddonName, Environment } from '../config/environments';

/** The security groups of a lab, by what carries them. */
export type GroupName =
  | 'control-plane'
  | 'nodes'
  | 'load-balancers'
  | 'endpoints'
  | 'pods-web'
  | 'pods-db';

/** One side of a rule: a group, or addresses. */
export type Side =
  | GroupName
  /** Everybody in the VPC, whatever group they carry. */
  | 'vpc'
  /** The blocks that are allowed by name (`-c allowedCidrs`). */
  | 'allowed'
  | 'peer'
  | 'internet';

/**
 * Who may open connections to whom. A group keeps connection state, so replies need no rule; but
 * the side that begins needs an egress rule and the other an ingress rule, and both come from here.
 */
export interface SecurityRule {
  readonly from: Side;
  readonly to: Side;
  readonly protocol: 'any' | 'tcp' | 'udp';
  /** Ignored for `any`. */
  readonly ports: PortRange;
  /** What the rule's description says: at most 255 characters of EC2's alphabet. */
  readonly because: string;
}

const rule = (
  from: Side,
  to: Side,
  match: {
    readonly protocol?: 'any' | 'udp';
    readonly ports?: number | PortRange;
    readonly because: string;
  },
): SecurityRule => {
  const { protocol = 'tcp', ports = { first: 0, last: 65535 }, because } = match;
  const range = typeof ports === 'number' ? { first: ports, last: ports } : ports;
  return { from, to, protocol, ports: range, because };
};

/** Ports that the API server calls in pods of an add-on: its webhooks and aggregated APIs. */
const CALLED_BY_API: Readonly<
  Record<AddonName, readonly (readonly [port: number, what: string])[]>
> = {
  calico: [[5443, 'the aggregated API of Calico']],
  'load-balancer-controller': [[9443, 'webhooks of the AWS Load Balancer Controller']],
  'gateway-api': [],
  kyverno: [[9443, 'webhooks of Kyverno']],
  istio: [[15017, 'webhooks of istiod']],
};

/** The rules a lab's environment needs, and no other. */
export function securityRules(environment: Environment, doors: Doors): readonly SecurityRule[] {
  const { addons, podSecurityGroups, peer } = environment;
  const calls = new Map(addons.flatMap((addon) => CALLED_BY_API[addon]));
  return [
    ...NODE_RULES,
    ...[...calls].map(([ports, what]) =>
      rule('control-plane', 'nodes', { ports, because: `the API server calls ${what}` }),
    ),
    ...(addons.includes('load-balancer-controller') ? LOAD_BALANCER_RULES : []),
    ...(doors.privateEndpoints ? ENDPOINT_RULES : []),
    ...(podSecurityGroups === 'on' ? POD_RULES : []),
    ...(peer === 'second-vpc' ? PEER_RULES : []),
  ];
}

/** What else the configuration opens. */
export interface Doors {
  readonly privateEndpoints: boolean;
}

/** EKS user guide, security group requirements: the least a cluster needs, and node to node all. */
const NODE_RULES: readonly SecurityRule[] = [
  rule('nodes', 'nodes', {
    protocol: 'any',
    because: 'nodes and their pods share one group: network policies judge them',
  }),
  rule('nodes', 'control-plane', {
    ports: 443,
    because: 'kubelets and pods call the Kubernetes API',
  }),
  rule('control-plane', 'nodes', {
    ports: 10250,
    because: 'the API server asks kubelets for logs and exec',
  }),
  rule('nodes', 'internet', { ports: 443, because: 'images, charts, and APIs of AWS' }),
  rule('nodes', 'internet', { ports: 80, because: 'labs call plain web sites' }),
];

const LOAD_BALANCER_RULES: readonly SecurityRule[] = [
  ...[80, 443].flatMap((ports) => [
    rule('allowed', 'load-balancers', { ports, because: 'people who were allowed by name' }),
    rule('vpc', 'load-balancers', { ports, because: 'pods call internal load balancers' }),
  ]),
  ...[80, 8080, 8443].map((ports) =>
    rule('load-balancers', 'nodes', { ports, because: 'load balancers reach pods (ip targets)' }),
  ),
  rule('load-balancers', 'nodes', {
    ports: { first: 30000, last: 32767 },
    because: 'load balancers reach node ports (instance targets)',
  }),
];

const ENDPOINT_RULES: readonly SecurityRule[] = [
  rule('vpc', 'endpoints', {
    ports: 443,
    because: 'everything in the VPC may call the AWS API; IAM decides there',
  }),
];

/** Security groups for pods: a web pod and its database, and what every such pod needs. */
const POD_RULES: readonly SecurityRule[] = [
  ...(['pods-web', 'pods-db'] as const).flatMap((group) => [
    rule(group, 'nodes', {
      ports: 53,
      because: 'DNS over TCP: CoreDNS runs in the group of the nodes',
    }),
    rule(group, 'nodes', {
      protocol: 'udp',
      ports: 53,
      because: 'DNS: CoreDNS runs in the group of the nodes',
    }),
  ]),
  rule('nodes', 'pods-web', {
    ports: 8080,
    because: 'kubelets probe web pods, and pods of nodes call them',
  }),
  rule('pods-web', 'pods-db', {
    ports: 5432,
    because: 'only web pods call the database',
  }),
];

const PEER_RULES: readonly SecurityRule[] = [
  rule('nodes', 'peer', { protocol: 'any', because: 'pods call the other cluster' }),
  rule('peer', 'nodes', { protocol: 'any', because: 'pods of the other cluster call ours' }),
];
