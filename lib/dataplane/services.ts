import { familyOf, formatCidr, type Ip, type IpFamily } from '../model/address';
import type { Backend, NodeEndpoint, Service, ServicePort, World } from '../model/world';
import { addressField, addressType } from './match';
import { podsOn } from './names';
import { familiesOf } from './rules';
import type { NftChain, NftSet, NftTable } from './ruleset';

/**
 * Services as kube-proxy's nftables mode makes them, in each node for its pods and for itself.
 *
 * A verdict map from address, protocol and port leads to the Service port's chain, which picks a
 * ready backend at random. The translation comes first (prerouting, output), so policies see the
 * backend's address and port. What has no backend is refused with an ICMP error before policies
 * are asked, like kube-proxy does it, but as unreachable: nobody there to refuse.
 */
export function servicesTable(world: World, node: NodeEndpoint): NftTable {
  const families = familiesOf(world);
  const fronts = world.services.flatMap((service) => frontsOf(service, node));
  const served = fronts.filter((front) => front.backends.length > 0);
  return {
    purpose: 'services',
    sets: families.flatMap((family) => [
      ipsMap(served, family),
      clusterIps(world, family),
      hairpins(world, node, family),
    ]),
    chains: [
      ...served.map(portChain),
      natChain('prerouting', 'prerouting priority dstnat', families),
      natChain('output', 'output priority -100', families),
      {
        name: 'postrouting',
        base: 'type nat hook postrouting priority srcnat; policy accept;',
        rules: families.flatMap((family) => hairpinRules(node, family)),
      },
      unservedChain('forward', world, families),
      unservedChain('output', world, families),
    ],
  };
}

/** One address and port that a Service answers at, and who answers there. */
interface Front {
  readonly service: Service;
  readonly port: ServicePort;
  readonly address: Ip;
  readonly backends: readonly Backend[];
}

function frontsOf(service: Service, node: NodeEndpoint): readonly Front[] {
  return service.clusterIps.flatMap((address) =>
    service.ports.map((port) => ({
      service,
      port,
      address,
      backends: backendsOf(service, port, node).filter(
        (backend) => familyOf(backend.address) === familyOf(address),
      ),
    })),
  );
}

/** Ready backends; with `internalTrafficPolicy: Local` those on this node alone. */
const backendsOf = (service: Service, port: ServicePort, node: NodeEndpoint): readonly Backend[] =>
  port.backends.filter(
    (backend) =>
      backend.ready && (service.internalTrafficPolicy === 'Cluster' || backend.node === node.name),
  );

const protocolOf = (port: ServicePort): string => port.protocol.toLowerCase();

function chainOf({ service, port, address }: Front): string {
  const family = familyOf(address) === 4 ? '' : '/ip6';
  return `service/${service.namespace}/${service.name}/${protocolOf(port)}/${port.port}${family}`;
}

function portChain(front: Front): NftChain {
  const { port, backends, address } = front;
  const family = familyOf(address);
  const targets = backends.map((backend, i) => `${i} : ${backend.address} . ${backend.port}`);
  const [only] = backends;
  const to =
    backends.length === 1 && only !== undefined
      ? socketText(only)
      : `numgen random mod ${targets.length} map { ${targets.join(', ')} }`;
  const nat = `meta l4proto ${protocolOf(port)} dnat ${family === 4 ? 'ip' : 'ip6'} to ${to}`;
  return { name: chainOf(front), rules: [nat] };
}

const socketText = ({ address, port }: Backend): string =>
  familyOf(address) === 4 ? `${address}:${port}` : `[${address}]:${port}`;

const socketType = (family: IpFamily): string =>
  `${addressType(family)} . inet_proto . inet_service`;

const lookUp = (family: IpFamily): string =>
  `${addressField(family, 'destination')} . meta l4proto . th dport`;

function ipsMap(fronts: readonly Front[], family: IpFamily): NftSet {
  const elements = fronts
    .filter(({ address }) => familyOf(address) === family)
    .map(
      (front) =>
        `${front.address} . ${protocolOf(front.port)} . ${front.port.port} : goto ${chainOf(front)}`,
    );
  return {
    name: `service-ips${family}`,
    type: `${socketType(family)} : verdict`,
    interval: false,
    elements,
  };
}

const natChain = (name: string, hook: string, families: readonly IpFamily[]): NftChain => ({
  name: `nat-${name}`,
  base: `type nat hook ${hook}; policy accept;`,
  rules: families.map((family) => `${lookUp(family)} vmap @service-ips${family}`),
});

const clusterIps = (world: World, family: IpFamily): NftSet => ({
  name: `cluster-ips${family}`,
  type: addressType(family),
  interval: false,
  elements: world.services.flatMap((service) =>
    service.clusterIps.filter((address) => familyOf(address) === family),
  ),
});

/** What still goes to a Service's address was translated by nobody: no such port, or no backend. */
function unservedChain(
  hook: 'forward' | 'output',
  world: World,
  families: readonly IpFamily[],
): NftChain {
  const known = families.map(
    (family) =>
      `${addressField(family, 'destination')} @cluster-ips${family} reject with icmpx host-unreachable comment "service without endpoints"`,
  );
  const block = world.serviceCidr;
  const unknown = `${addressField(familyOf(block.address), 'destination')} ${formatCidr(block)} reject with icmpx host-unreachable comment "no such service"`;
  return {
    name: `unserved-${hook}`,
    base: `type filter hook ${hook} priority -10; policy accept;`,
    rules: families.includes(familyOf(block.address)) ? [...known, unknown] : known,
  };
}

/**
 * A backend that called its own Service would answer itself inside its namespace and the reply
 * would never be translated back: its call gets the node's address (kube-proxy: hairpin).
 */
const hairpins = (world: World, node: NodeEndpoint, family: IpFamily): NftSet => ({
  name: `hairpins${family}`,
  type: `${addressType(family)} . ${addressType(family)}`,
  interval: false,
  elements: podsOn(world, node)
    .flatMap((pod) => pod.addresses.filter((address) => familyOf(address) === family))
    .map((address) => `${address} . ${address}`),
});

function hairpinRules(node: NodeEndpoint, family: IpFamily): readonly string[] {
  const own = node.addresses.find((address) => familyOf(address) === family);
  if (own === undefined) return [];
  const pair = `${addressField(family, 'source')} . ${addressField(family, 'destination')}`;
  return [
    `ct status dnat ${pair} @hairpins${family} snat ${family === 4 ? 'ip' : 'ip6'} to ${own} comment "hairpin"`,
  ];
}
