import { familyOf, formatCidr, type Ip } from '../../model/address';
import type {
  Backend,
  LoadBalancer,
  NodeEndpoint,
  Service,
  ServicePort,
  World,
} from '../../model/world';
import { addressField, addressType } from './match';
import { ofAddresses, spanTexts } from './ranges';
import type { NftChain, NftSet, NftTable } from './ruleset';

/**
 * Network load balancers, in the router that stands for the network between: what is for their
 * address goes on to a pod (`ip` targets) or to a node's port (`instance`), as its client or as
 * the balancer. An internal one is no way in for hosts outside.
 */
export function balancersTable(world: World): NftTable {
  const balanced = balancedIn(world);
  const fronts = balanced.flatMap((one) => frontsOf(world, one.service, one.balancer));
  return {
    purpose: 'load-balancers',
    sets: [
      {
        name: 'fronts',
        type: `${addressType(4)} . inet_proto . inet_service : verdict`,
        interval: false,
        elements: fronts.map(
          ({ address, port, chain }) =>
            `${address} . ${port.protocol.toLowerCase()} . ${port.port} : goto ${chain.name}`,
        ),
      },
      outsiders(world),
    ],
    chains: [
      ...fronts.map(({ chain }) => chain),
      {
        name: 'prerouting',
        base: 'type nat hook prerouting priority dstnat; policy accept;',
        rules: [`${addressField(4, 'destination')} . meta l4proto . th dport vmap @fronts`],
      },
      {
        name: 'postrouting',
        base: 'type nat hook postrouting priority srcnat; policy accept;',
        rules: balanced
          .filter(({ balancer }) => !balancer.preserveClientIp)
          .flatMap(({ balancer }) =>
            balancer.addresses
              .filter((address) => familyOf(address) === 4)
              .map((own) => `ct original ip daddr ${own} ct status dnat snat ip to ${own}`),
          ),
      },
    ],
  };
}

/** Services that have a balancer. */
export const balancedIn = (world: World) =>
  world.services.flatMap((service) =>
    service.loadBalancer === undefined ? [] : [{ service, balancer: service.loadBalancer }],
  );

const outsiders = (world: World): NftSet => ({
  name: 'outside',
  type: addressType(4),
  interval: false,
  elements: spanTexts(
    ofAddresses(
      4,
      world.outside.flatMap(({ addresses }) => addresses),
    ),
  ),
});

interface BalancerFront {
  readonly address: Ip;
  readonly port: ServicePort;
  readonly chain: NftChain;
}

function frontsOf(
  world: World,
  service: Service,
  balancer: LoadBalancer,
): readonly BalancerFront[] {
  return balancer.addresses
    .filter((address) => familyOf(address) === 4)
    .flatMap((address) =>
      service.ports.flatMap((port) => {
        const targets = targetsOf(world.nodes, { service, balancer, port });
        if (targets.length === 0) return [];
        const name = `balancer/${service.namespace}/${service.name}/${port.protocol.toLowerCase()}/${port.port}/${address}`;
        return [{ address, port, chain: { name, rules: rulesOf(balancer, port, targets) } }];
      }),
    );
}

/** Where a load balancer sends a connection. */
export interface TargetAddress {
  readonly address: Ip;
  readonly port: number;
}

/** A listener of a Service's load balancer. */
export interface LoadBalancerPort {
  readonly service: Service;
  readonly balancer: LoadBalancer;
  readonly port: ServicePort;
}

/** Ready pods on these nodes; or the nodes themselves, of which with `externalTrafficPolicy: Local` only those with one pass. */
export function targetsOf(
  nodes: readonly NodeEndpoint[],
  { service, balancer, port }: LoadBalancerPort,
): readonly TargetAddress[] {
  // A pod is a target by itself, so it is asked where it stands; behind a node it may be anywhere.
  const here = new Set(nodes.map(({ name }) => name));
  const isHere = ({ node }: Backend): boolean =>
    balancer.targets === 'instance' || node === undefined || here.has(node);
  const ready = port.backends.filter(
    (backend) => backend.ready && familyOf(backend.address) === 4 && isHere(backend),
  );
  if (balancer.targets === 'ip') return ready;
  const { nodePort } = port;
  if (nodePort === undefined || ready.length === 0) return [];
  const healthy = (name: string): boolean =>
    service.externalTrafficPolicy === 'Cluster' || ready.some(({ node }) => node === name);
  return nodes
    .filter(({ name }) => healthy(name))
    .flatMap(({ addresses }) => addresses.filter((own) => familyOf(own) === 4).slice(0, 1))
    .map((address) => ({ address, port: nodePort }));
}

function rulesOf(
  { scheme, sourceRanges, securityGroups }: LoadBalancer,
  port: ServicePort,
  targets: readonly TargetAddress[],
): readonly string[] {
  return [
    ...(scheme === 'internal' ? [`${addressField(4, 'source')} @outside return`] : []),
    // The controller writes them into the balancer's own group; groups of one's own replace it.
    ...(sourceRanges === undefined || securityGroups !== undefined
      ? []
      : [rangesRule(sourceRanges)]),
    spreadOver(port, targets),
  ];
}

const rangesRule = (ranges: NonNullable<LoadBalancer['sourceRanges']>): string => {
  const admitted = ranges.filter(({ address }) => familyOf(address) === 4).map(formatCidr);
  const others =
    admitted.length === 0 ? '' : `${addressField(4, 'source')} != { ${admitted.join(', ')} } `;
  return `${others}drop comment "source ranges"`;
};

/** Each connection to one of the targets, at random. */
export function spreadOver({ protocol }: ServicePort, targets: readonly TargetAddress[]): string {
  const map = targets.map(({ address, port }, i) => `${i} : ${address} . ${port}`);
  return `meta l4proto ${protocol.toLowerCase()} dnat ip to numgen random mod ${map.length} map { ${map.join(', ')} }`;
}
