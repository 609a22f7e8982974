import type { PortRange } from '../../model/policy';
import { EPHEMERAL_PORTS, UNPRIVILEGED_PORTS } from '../../model/ports';
import type { SubnetGroup } from '../config/layout';

/** One side of what crosses a subnet's edge; `peer` is the other VPC of a lab with two. */
export type TrafficPlace = SubnetGroup | 'peer' | 'internet';

/** Connections that must work between two places, at every security group and network ACL between them. */
export type TrafficRow =
  | {
      /** TCP, with its replies. */
      readonly kind: 'tcp';
      readonly client: TrafficPlace;
      readonly server: TrafficPlace;
      readonly ports: readonly PortRange[];
      readonly because: string;
    }
  | {
      /** Every protocol, whichever side begins. */
      readonly kind: 'mesh';
      readonly between: readonly [SubnetGroup, SubnetGroup | 'peer'];
      readonly because: string;
    }
  | {
      /** "Fragmentation needed" (ICMP 3/4) and "packet too big" (ICMPv6 2): no reply. */
      readonly kind: 'path-mtu';
      readonly to: SubnetGroup;
      readonly because: string;
    };

const port = (first: number, last = first): PortRange => ({ first, last });

const HTTP = port(80);
const HTTPS = port(443);
const NODE_PORTS = port(30000, 32767);

/**
 * The ports a client listens on for its replies, by who the client is. Linux takes 32768 to 60999
 * (ip_local_port_range). What translates addresses uses any unprivileged port: NAT gateways and
 * load balancers (VPC guide, ephemeral ports), and a node, which hides its pods with randomized
 * ports (VPC CNI, AWS_VPC_K8S_CNI_RANDOMIZESNAT). Of strangers nothing is known.
 */
export const REPLY_PORTS: Readonly<Record<TrafficPlace, PortRange>> = {
  nodes: UNPRIVILEGED_PORTS,
  pods: EPHEMERAL_PORTS,
  public: UNPRIVILEGED_PORTS,
  'control-plane': UNPRIVILEGED_PORTS,
  peer: UNPRIVILEGED_PORTS,
  internet: UNPRIVILEGED_PORTS,
};

/** Everything a lab's VPC lets through at the edges of its subnets; the network ACLs follow from it. */
export const TRAFFIC: readonly TrafficRow[] = [
  {
    kind: 'mesh',
    between: ['nodes', 'nodes'],
    because: 'nodes and the pods on them talk freely: security groups and policies judge them',
  },
  {
    kind: 'mesh',
    between: ['pods', 'pods'],
    because: 'pods of two zones talk: policies judge them',
  },
  {
    kind: 'mesh',
    between: ['nodes', 'pods'],
    because: 'kubelets probe pods, and pods ask host-network pods of other nodes',
  },
  ...(['nodes', 'pods'] as const).flatMap((group): readonly TrafficRow[] => [
    {
      kind: 'tcp',
      client: group,
      server: 'control-plane',
      ports: [HTTPS],
      because: `${group} call the Kubernetes API`,
    },
    {
      kind: 'tcp',
      client: 'control-plane',
      server: group,
      ports: [HTTPS, UNPRIVILEGED_PORTS],
      because: `the API server calls webhooks, aggregated APIs and kubelets among ${group}`,
    },
    {
      kind: 'tcp',
      client: group,
      server: 'internet',
      ports: [HTTP, HTTPS],
      because: `${group} fetch images and call AWS and the web`,
    },
    {
      kind: 'tcp',
      client: group,
      server: 'public',
      ports: [HTTP, HTTPS],
      because: `${group} reach the internet through the NAT gateway, and public load balancers`,
    },
    {
      kind: 'tcp',
      client: 'public',
      server: group,
      ports: [HTTP, HTTPS, UNPRIVILEGED_PORTS],
      because: `load balancers send requests and health checks to their targets among ${group}`,
    },
    {
      kind: 'path-mtu',
      to: group,
      because: `${group} must hear that a packet was too big, or large transfers hang`,
    },
  ]),
  {
    kind: 'tcp',
    client: 'public',
    server: 'internet',
    ports: [HTTP, HTTPS],
    because: 'the NAT gateway goes on to the internet',
  },
  {
    kind: 'tcp',
    client: 'internet',
    server: 'public',
    ports: [HTTP, HTTPS],
    because: 'people call internet-facing load balancers',
  },
  {
    kind: 'tcp',
    client: 'internet',
    server: 'nodes',
    ports: [NODE_PORTS],
    because: 'a network load balancer with instance targets keeps the address of its client',
  },
  {
    kind: 'path-mtu',
    to: 'public',
    because: 'NAT gateways and load balancers must hear that a packet was too big',
  },
];

/** What a peered VPC adds. */
export const PEER_TRAFFIC: readonly TrafficRow[] = [
  {
    kind: 'mesh',
    between: ['nodes', 'peer'],
    because: 'clusters of two peered VPCs call each other: security groups and policies judge them',
  },
];
