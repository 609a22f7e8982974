import { familyOf, type Ip } from '../../model/address';
import { ruleName } from '../../model/rule-name';
import type { NetworkInterface, Vpc } from '../../model/vpc';
import type { ContainerPort, LoadBalancer, Service, ServicePort, World } from '../../model/world';
import type { Command, Plan } from '../commands/command';
import { UPLINK } from '../commands/names';
import { balancedIn, spreadOver, targetsOf } from '../nft/load-balancers';
import { type NftChain, type NftSet, type NftTable, quoted } from '../nft/ruleset';
import { addLeaf } from '../wiring/cables';
import { anywhere, routeVia } from '../wiring/routes';
import { farEnd, interfaceNetns, vpcNetns } from './places';

/** Interfaces of load balancers: one a zone, each forwards what it takes. */
export const balancerInterfaces = (vpc: Vpc): readonly NetworkInterface[] =>
  vpc.interfaces.filter(({ owner }) => owner.kind === 'load-balancer');

/** A balancer's interface is one more host of its subnet, which sends on what is for others. */
export const addBalancer = (vpc: Vpc, eni: NetworkInterface): Plan =>
  addLeaf(
    { netns: interfaceNetns(eni.id), addresses: eni.addresses, upstream: farEnd(vpc, eni) },
    { role: 'router' },
  );

/**
 * What a network load balancer does at an interface: it opens a connection to a target, as itself
 * or as its client (target group attribute `preserve_client_ip.enabled`), and answers in the name
 * of its own address. A port without targets leads nowhere; groups judged the packet before.
 */
export function balancerTable(world: World, vpc: Vpc, eni: NetworkInterface): NftTable {
  const fronts = frontsAt(world, vpc, eni);
  const chosen = fronts.filter(({ targets }) => targets.length > 0);
  return {
    purpose: 'balancer',
    sets: [
      {
        name: 'fronts',
        type: 'inet_proto . inet_service : verdict',
        interval: false,
        elements: chosen.map((front) => `${socketOf(front)} : goto ${chainOf(front)}`),
      },
    ],
    chains: [
      ...chosen.map((front) => ({
        name: chainOf(front),
        rules: [spreadOver(front.port, front.targets)],
      })),
      ...fronts.slice(0, 1).flatMap(translations),
      unserved(fronts.filter(({ targets }) => targets.length === 0)),
    ],
  };
}

/** All listeners of an interface are one balancer's: one address, one way to show the client. */
const translations = ({ own, balancer }: Front): readonly NftChain[] => [
  {
    name: 'prerouting',
    base: 'type nat hook prerouting priority dstnat; policy accept;',
    rules: [`ip daddr ${own} meta l4proto . th dport vmap @fronts`],
  },
  {
    name: 'postrouting',
    base: 'type nat hook postrouting priority srcnat; policy accept;',
    rules: balancer.preserveClientIp
      ? []
      : [`oifname "${UPLINK}" ct status dnat snat ip to ${own}`],
  },
];

/** There is no target: what was not sent on is refused, as by a Service without endpoints. */
const unserved = (fronts: readonly Front[]): NftChain => ({
  name: 'unserved',
  base: 'type filter hook input priority 0; policy accept;',
  rules: fronts.map(({ service, port }) => {
    const object = `${service.namespace}/${service.name}`;
    const name = ruleName({ filter: 'route', direction: 'egress', object, rule: null });
    return `meta l4proto ${port.protocol.toLowerCase()} th dport ${port.port} reject with icmpx no-route comment ${quoted(name)}`;
  }),
});

/** A listener at an interface's own address, and who stands behind it. */
interface Front {
  readonly own: Ip;
  readonly service: Service;
  readonly balancer: LoadBalancer;
  readonly port: ServicePort;
  readonly targets: ReturnType<typeof targetsOf>;
}

const socketOf = ({ port }: Front): string => `${port.protocol.toLowerCase()} . ${port.port}`;

const chainOf = ({ service, port }: Front): string =>
  `balancer/${service.namespace}/${service.name}/${port.protocol.toLowerCase()}/${port.port}`;

function frontsAt(world: World, vpc: Vpc, eni: NetworkInterface): readonly Front[] {
  const own = eni.addresses.find((address) => familyOf(address) === 4);
  if (own === undefined) return [];
  const zone = vpc.subnets.find(({ id }) => id === eni.subnet)?.zone;
  const nodes = world.nodes.filter(({ placement }) => placement?.vpc === vpc.id);
  const near = nodes.filter(({ placement }) => placement?.zone === zone);
  return balancedIn(world)
    .filter(({ balancer }) => balancer.addresses.some((address) => isAt(eni, address)))
    .flatMap(({ service, balancer }) =>
      service.ports.map((port) => ({
        own,
        service,
        balancer,
        port,
        targets: targetsOf(balancer.zones === 'all' ? nodes : near, { service, balancer, port }),
      })),
    );
}

const isAt = ({ addresses, publicIp }: NetworkInterface, address: Ip): boolean =>
  publicIp === address || addresses.includes(address);

/**
 * What listens at the interface itself: an application load balancer ends its clients'
 * connections, a network load balancer passes them on.
 */
export const listensAt = ({ http }: World, eni: NetworkInterface) => {
  const own = (http?.proxies ?? [])
    .flatMap(({ balancer }) => balancer ?? [])
    .find(({ addresses }) => addresses.some((address) => isAt(eni, address)));
  return (own?.ports ?? []).map(({ port }): ContainerPort => ({ protocol: 'TCP', port }));
};

/** First table of those that lead back through a balancer, one for each interface. */
const FIRST = 2000;

/** Before what stands in the VPC itself: a client may be there. */
const PRIORITY = 50;

/**
 * Answers to a client that the balancer kept go back through the balancer: the network remembers
 * which flow it carries, though neither end's address says so.
 */
export const addWaysBack = (vpc: Vpc): Plan =>
  balancerInterfaces(vpc).flatMap((eni, i): readonly Command[] => {
    const gateway = eni.addresses.find((address) => familyOf(address) === 4);
    if (gateway === undefined) return [];
    const netns = vpcNetns(vpc.id);
    const table = FIRST + i;
    return [
      routeVia(farEnd(vpc, eni), anywhere(4), { gateway, table }),
      { kind: 'add-rule', netns, priority: PRIORITY, table, mark: i + 1, from: anywhere(4) },
    ];
  });

/** Which balancer carried a connection here; its answers are marked for the way back. */
export function waysBack(vpc: Vpc): {
  readonly sets: readonly NftSet[];
  readonly chains: readonly NftChain[];
} {
  const carriers = balancerInterfaces(vpc).map(
    (eni, i) => `"${farEnd(vpc, eni).device}" : ${i + 1}`,
  );
  if (carriers.length === 0) return { sets: [], chains: [] };
  return {
    sets: [{ name: 'carriers', type: 'ifname : mark', interval: false, elements: carriers }],
    chains: [
      {
        name: 'back-through-balancers',
        base: 'type filter hook prerouting priority mangle; policy accept;',
        rules: [
          'ct direction reply meta mark set ct mark',
          'ct state new ct mark set iifname map @carriers',
        ],
      },
    ],
  };
}
