import { type Cidr, cidr, familyOf, hostCidr, type Ip, offsetIp } from '../model/address';
import { ruleName } from '../model/rule-name';
import type { NatGateway, Vpc, VpcEndpoint } from '../model/vpc';
import { addLeaf, addNetns, anywhere, endOf, routeVia, trunk } from './cables';
import type { LinkEnd, Netns, Plan } from './command';
import { hash } from './hash';
import type { Speaker } from './listeners';
import { ROUTER, routerDevice, UPLINK } from './names';
import { type NftTable, quoted } from './ruleset';
import { AMAZON } from './vpc-filters';
import {
  amazonAddresses,
  amazonNetns,
  endpointNetns,
  farEnd,
  igwNetns,
  interfaceNetns,
  natNetns,
  vpcNetns,
} from './vpc-places';

/** A table of a gateway's, where it belongs. */
export interface GatewayTable {
  readonly netns: Netns;
  readonly table: NftTable;
}

/** Everything that stands at a VPC's router beside nodes, outside hosts and other VPCs. */
export const addGateways = (vpc: Vpc): Plan => [
  ...addLeaf({
    netns: amazonNetns(vpc.id),
    addresses: amazonAddresses(vpc),
    upstream: endOf(vpcNetns(vpc.id), AMAZON),
  }),
  ...(vpc.internetGateway === undefined ? [] : addInternetGateway(vpc)),
  ...vpc.natGateways.flatMap((nat) => addNat(vpc, nat)),
  ...gatewayEndpoints(vpc).flatMap((endpoint) => addEndpoint(vpc, endpoint)),
  ...ownInterfaces(vpc).flatMap((eni) =>
    addLeaf({
      netns: interfaceNetns(eni.id),
      addresses: eni.addresses,
      upstream: farEnd(vpc, eni),
    }),
  ),
];

/** Their rules. */
export const gatewayTables = (vpc: Vpc): readonly GatewayTable[] => [
  ...(vpc.internetGateway === undefined
    ? []
    : [{ netns: igwNetns(vpc.id), table: internetGatewayTable(vpc) }]),
  ...vpc.natGateways.map((nat) => ({ netns: natNetns(nat.id), table: natTable(nat) })),
  ...gatewayEndpoints(vpc).map(({ id }) => ({
    netns: endpointNetns(id),
    table: endpointTable(id),
  })),
];

/** Instance metadata and time, and one port for whatever AWS runs at an interface of its own. */
export const gatewaySpeakers = (vpc: Vpc): readonly Speaker[] => [
  {
    netns: amazonNetns(vpc.id),
    banner: 'instance metadata',
    ports: [
      { protocol: 'TCP', port: 80 },
      { protocol: 'UDP', port: 123 },
    ],
  },
  ...ownInterfaces(vpc).map((eni) => ({
    netns: interfaceNetns(eni.id),
    banner: eni.owner.kind,
    ports: [{ protocol: 'TCP' as const, port: 443 }],
  })),
];

/** Their namespaces. */
export const gatewayNamespaces = (vpc: Vpc): readonly Netns[] => [
  amazonNetns(vpc.id),
  ...(vpc.internetGateway === undefined ? [] : [igwNetns(vpc.id)]),
  ...vpc.natGateways.map(({ id }) => natNetns(id)),
  ...gatewayEndpoints(vpc).map(({ id }) => endpointNetns(id)),
  ...ownInterfaces(vpc).map(({ id }) => interfaceNetns(id)),
];

/** Interfaces that are neither a node's nor a NAT gateway's: those of AWS's own machines. */
export const ownInterfaces = (vpc: Vpc) =>
  vpc.interfaces.filter(({ owner }) => owner.kind !== 'node' && owner.kind !== 'nat-gateway');

type GatewayEndpoint = Extract<VpcEndpoint, { readonly kind: 'gateway' }>;

export const gatewayEndpoints = (vpc: Vpc): readonly GatewayEndpoint[] =>
  vpc.endpoints.filter((endpoint) => endpoint.kind === 'gateway');

/** A VPC's device towards one of its gateways. */
export const towards = (vpc: Vpc, gateway: Netns): LinkEnd =>
  endOf(vpcNetns(vpc.id), routerDevice(gateway));

/** A router between the VPC and the rest of the world. */
function addBorder(vpc: Vpc, netns: Netns): Plan {
  const inside = endOf(netns, 'vpc');
  const outside = endOf(netns, UPLINK);
  return [
    ...addNetns(netns, 'router', [4, ...(hasSix(vpc) ? ([6] as const) : [])]),
    ...trunk(towards(vpc, netns), inside, familiesOfVpc(vpc)),
    ...trunk(endOf(ROUTER, routerDevice(netns)), outside, familiesOfVpc(vpc)),
    ...familiesOfVpc(vpc).map((family) => routeVia(outside, anywhere(family))),
    ...vpc.cidrs.map((block) => routeVia(inside, block)),
  ];
}

const hasSix = (vpc: Vpc): boolean => vpc.cidrs.some(({ address }) => familyOf(address) === 6);

export const familiesOfVpc = (vpc: Vpc): readonly (4 | 6)[] => (hasSix(vpc) ? [4, 6] : [4]);

const addInternetGateway = (vpc: Vpc): Plan => [
  ...addBorder(vpc, igwNetns(vpc.id)),
  ...[...publicAddresses(vpc).map(([, address]) => hostCidr(address)), ...sixOf(vpc)].map((to) =>
    routeVia(endOf(ROUTER, routerDevice(igwNetns(vpc.id))), to),
  ),
];

/** IPv6 addresses are public as they are. */
const sixOf = (vpc: Vpc): readonly Cidr[] =>
  vpc.cidrs.filter(({ address }) => familyOf(address) === 6);

/** Who has a public address: its private one, and the public one. */
function publicAddresses(vpc: Vpc): readonly (readonly [Ip, Ip])[] {
  const enis = vpc.interfaces.map(({ addresses: [own], publicIp }) => [own, publicIp] as const);
  const nats = vpc.natGateways.map(({ privateIp, publicIp }) => [privateIp, publicIp] as const);
  const pairs = [...enis, ...nats].flatMap(([own, outer]) =>
    own === undefined || outer === undefined ? [] : [[own, outer] as const],
  );
  return [...new Map(pairs)];
}

/**
 * One private address is one public one, both ways. Who has none goes nowhere, and so does what is
 * meant for a private address elsewhere: silently, as AWS does it, since a route did lead here.
 */
function internetGatewayTable(vpc: Vpc): NftTable {
  const pairs = publicAddresses(vpc);
  const map = (name: string, elements: readonly string[]) => ({
    name,
    type: 'ipv4_addr : ipv4_addr',
    interval: false,
    elements,
  });
  return {
    purpose: 'internet-gateway',
    sets: [
      map(
        'outward',
        pairs.map(([own, outer]) => `${own} : ${outer}`),
      ),
      map(
        'inward',
        pairs.map(([own, outer]) => `${outer} : ${own}`),
      ),
      {
        name: 'public',
        type: 'ipv4_addr',
        interval: false,
        elements: pairs.map(([own]) => own),
      },
    ],
    chains: [
      {
        name: 'prerouting',
        base: 'type nat hook prerouting priority dstnat; policy accept;',
        rules: [`iifname "${UPLINK}" dnat ip to ip daddr map @inward`],
      },
      {
        name: 'forward',
        base: 'type filter hook forward priority 0; policy accept;',
        rules: [
          'iifname "vpc" ct state new ip saddr != @public drop comment "no public address"',
          `oifname "${UPLINK}" ip daddr { ${PRIVATE.join(', ')} } drop comment "private address"`,
        ],
      },
      {
        name: 'postrouting',
        base: 'type nat hook postrouting priority srcnat; policy accept;',
        rules: [`oifname "${UPLINK}" snat ip to ip saddr map @outward`],
      },
    ],
  };
}

/** Blocks that nobody routes on the internet (RFC 1918, RFC 6598, RFC 3927). */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
];

const addNat = (vpc: Vpc, nat: NatGateway): Plan =>
  addLeaf(
    {
      netns: natNetns(nat.id),
      addresses: [nat.privateIp],
      upstream: towards(vpc, natNetns(nat.id)),
    },
    { role: 'router' },
  );

/** The engine's name of the same refusal. */
const nobodyCalls = (name: string): string =>
  ruleName({ filter: 'route', direction: 'ingress', object: `nat/${name}`, rule: null });

/** Whoever comes through is the gateway from then on; nobody calls the gateway itself. */
const natTable = ({ name, privateIp }: NatGateway): NftTable => ({
  purpose: 'nat-gateway',
  sets: [],
  chains: [
    {
      name: 'input',
      base: 'type filter hook input priority 0; policy accept;',
      rules: [`ct state new drop comment ${quoted(nobodyCalls(name))}`],
    },
    {
      name: 'postrouting',
      base: 'type nat hook postrouting priority srcnat; policy accept;',
      rules: [`ip saddr != ${privateIp} snat ip to ${privateIp}`],
    },
  ],
});

/** The block that stands for a VPC beyond its gateway endpoints (RFC 2544: never on the internet). */
const BEYOND = cidr('198.18.0.0/15');

const beyond = (id: string): Ip =>
  offsetIp(BEYOND.address, 1 + (Number.parseInt(hash(id).slice(0, 8), 16) % 131_070));

const addEndpoint = (vpc: Vpc, { id }: GatewayEndpoint): Plan => [
  ...addBorder(vpc, endpointNetns(id)),
  routeVia(endOf(ROUTER, routerDevice(endpointNetns(id))), hostCidr(beyond(id))),
];

const endpointTable = (id: string): NftTable => ({
  purpose: 'endpoint',
  sets: [],
  chains: [
    {
      name: 'postrouting',
      base: 'type nat hook postrouting priority srcnat; policy accept;',
      rules: [`oifname "${UPLINK}" snat ip to ${beyond(id)}`],
    },
  ],
});
