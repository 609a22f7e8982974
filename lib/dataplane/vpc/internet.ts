import { type Cidr, familyOf, hostCidr, type Ip } from '../../model/address';
import { ruleName } from '../../model/rule-name';
import type { NatGateway, Vpc } from '../../model/vpc';
import type { Plan } from '../commands/command';
import { ROUTER, routerDevice, UPLINK } from '../commands/names';
import { type NftTable, quoted } from '../nft/ruleset';
import { addLeaf, endOf } from '../wiring/cables';
import { routeVia } from '../wiring/routes';
import { addBorder, towards } from './border';
import { igwNetns, natAddress, natNetns } from './places';

/** Routes to the internet, and from the internet to every public address. */
export const addInternetGateway = (vpc: Vpc): Plan => [
  ...addBorder(vpc, igwNetns(vpc.id)),
  // A regional NAT gateway's address is in no block of the VPC, and still behind this gateway.
  ...vpc.natGateways
    .filter(({ subnet }) => subnet === undefined)
    .map((nat) => routeVia(endOf(igwNetns(vpc.id), 'vpc'), hostCidr(natAddress(vpc, nat)))),
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
  const nats = vpc.natGateways.map((nat) => [natAddress(vpc, nat), nat.publicIp] as const);
  const pairs = [...enis, ...nats].flatMap(([own, outer]) =>
    own === undefined || outer === undefined ? [] : [[own, outer] as const],
  );
  return [...new Map(pairs)];
}

/**
 * One private address is one public one, both ways. Who has none goes nowhere, and so does what is
 * meant for a private address elsewhere: silently, as AWS does it, since a route did lead here.
 */
export function internetGatewayTable(vpc: Vpc): NftTable {
  const pairs = publicAddresses(vpc);
  return {
    purpose: 'internet-gateway',
    sets: [
      addressMap(
        'outward',
        pairs.map(([own, outer]) => `${own} : ${outer}`),
      ),
      addressMap(
        'inward',
        pairs.map(([own, outer]) => `${outer} : ${own}`),
      ),
      { ...addressMap('public', []), type: 'ipv4_addr', elements: pairs.map(([own]) => own) },
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

const addressMap = (name: string, elements: readonly string[]) => ({
  name,
  type: 'ipv4_addr : ipv4_addr',
  interval: false,
  elements,
});

/** Blocks that are not routed on the internet (RFC 1918, RFC 6598, RFC 3927). */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
];

/** A NAT gateway is one more host of its subnet, which sends on what is not for it. */
export const addNat = (vpc: Vpc, nat: NatGateway): Plan =>
  addLeaf(
    {
      netns: natNetns(nat.id),
      addresses: [natAddress(vpc, nat)],
      upstream: towards(vpc, natNetns(nat.id)),
    },
    { role: 'router' },
  );

/** The engine's name of the same refusal. */
const closedToCalls = (name: string): string =>
  ruleName({ filter: 'route', direction: 'ingress', object: `nat/${name}`, rule: null });

/** Source NAT to the gateway's address. The gateway itself accepts no connections. */
export const natTable = (vpc: Vpc, nat: NatGateway): NftTable => ({
  purpose: 'nat-gateway',
  sets: [],
  chains: [
    {
      name: 'input',
      base: 'type filter hook input priority 0; policy accept;',
      rules: [`ct state new drop comment ${quoted(closedToCalls(nat.name))}`],
    },
    {
      name: 'postrouting',
      base: 'type nat hook postrouting priority srcnat; policy accept;',
      rules: [`ip saddr != ${natAddress(vpc, nat)} snat ip to ${natAddress(vpc, nat)}`],
    },
  ],
});
