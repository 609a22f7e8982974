import { familyOf, type IpFamily } from '../model/address';
import type { Direction } from '../model/flow';
import { ruleName } from '../model/rule-name';
import type {
  AclEntry,
  NetworkAcl,
  NetworkInterface,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
} from '../model/vpc';
import { NO_ROUTE } from './cables';
import { hash } from './hash';
import { ANY, both, inRanges, type Match, plain } from './match';
import { routerDevice } from './names';
import { ofAddresses, ofCidrs, type Ranges, union } from './ranges';
import { type NftChain, type NftSet, type NftTable, quoted } from './ruleset';
import { portTexts } from './traffic';
import { amazonAddresses, farEnd, natNetns } from './vpc-places';

/** The device at a VPC's router that leads to Amazon's own services. */
export const AMAZON = 'amazon';

/**
 * What a VPC's router refuses, as AWS does it at the interfaces and the subnets' edges: outbound
 * groups of the sender's interface, outbound ACL of its subnet, inbound ACL of the other's,
 * inbound groups of its interface. Groups remember connections; ACLs judge every packet on its
 * own, replies included. Neither filters the resolver, the metadata and the time.
 */
export function vpcTable(vpc: Vpc, families: readonly IpFamily[]): NftTable {
  const groups = groupFilter(vpc, families);
  const acls = aclFilter(vpc, families);
  return {
    purpose: 'vpc',
    sets: distinct([...groups.sets, ...acls.sets]),
    chains: [
      ...groups.chains,
      ...acls.chains,
      groupsChain(vpc, 'egress'),
      NO_ROUTE,
      aclsChain('egress'),
      aclsChain('ingress'),
      groupsChain(vpc, 'ingress'),
    ],
  };
}

const ESTABLISHED = 'ct state established,related accept comment "established"';

const BY_DEVICE: Record<Direction, string> = { egress: 'iifname', ingress: 'oifname' };

/** The sender's groups are asked before the router looks for a way: a drop comes before no route. */
function groupsChain(vpc: Vpc, direction: Direction): NftChain {
  const place = direction === 'egress' ? 'prerouting priority -40' : 'forward priority -10';
  const served = amazonAddresses(vpc).join(', ');
  return {
    name: `security-groups-${direction}`,
    base: `type filter hook ${place}; policy accept;`,
    rules: [
      direction === 'egress' ? `ip daddr { ${served} } accept` : `oifname "${AMAZON}" accept`,
      `iifname "${AMAZON}" accept`,
      ESTABLISHED,
      `${BY_DEVICE[direction]} vmap @security-groups-by-device-${direction}`,
    ],
  };
}

/**
 * That a router further on has no way is how this target tells `no-route` from a denial; AWS tells
 * nobody, so no ACL of a template is asked about it.
 */
const NOWHERE_TOLD = 'icmp type destination-unreachable icmp code 0 ct state related accept';

const aclsChain = (direction: Direction): NftChain => ({
  name: `network-acls-${direction}`,
  base: `type filter hook forward priority ${direction === 'egress' ? -30 : -20}; policy accept;`,
  rules: [
    `iifname "${AMAZON}" accept`,
    `oifname "${AMAZON}" accept`,
    NOWHERE_TOLD,
    `${BY_DEVICE[direction]} vmap @network-acls-by-device-${direction}`,
  ],
});

interface Filter {
  readonly sets: readonly NftSet[];
  readonly chains: readonly NftChain[];
}

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

function groupFilter(vpc: Vpc, families: readonly IpFamily[]): Filter {
  const groups = vpc.securityGroups.flatMap((group) =>
    DIRECTIONS.map((direction) => groupChain({ vpc, group, direction, families })),
  );
  const guarded = vpc.interfaces.filter(({ securityGroups }) => securityGroups.length > 0);
  const lists = guarded.flatMap((eni) => DIRECTIONS.map((d) => listChain(vpc, eni, d)));
  const maps = DIRECTIONS.map((direction) =>
    verdictMap(
      `security-groups-by-device-${direction}`,
      guarded.map((eni) => [farEnd(vpc, eni).device, listName(eni, direction)]),
    ),
  );
  return {
    sets: [...groups.flatMap(({ sets }) => sets), ...maps],
    chains: [...groups.map(({ chain }) => chain), ...distinct(lists)],
  };
}

const verdictMap = (name: string, entries: readonly (readonly [string, string])[]): NftSet => ({
  name,
  type: 'ifname : verdict',
  interval: false,
  elements: entries.map(([device, chain]) => `"${device}" : goto ${chain}`),
});

const groupName = (id: string, direction: Direction): string => `group/${id}/${direction}`;

const listName = ({ securityGroups }: NetworkInterface, direction: Direction): string =>
  `groups-${hash(securityGroups.join()).slice(0, 8)}/${direction}`;

/** All groups of an interface: what one allows is allowed, what none allows is dropped. */
function listChain(vpc: Vpc, eni: NetworkInterface, direction: Direction): NftChain {
  const [first] = vpc.securityGroups.filter(({ id }) => eni.securityGroups.includes(id));
  const object = first?.name ?? eni.securityGroups[0] ?? eni.id;
  const name = ruleName({ filter: 'security-group', direction, object, rule: null });
  const known = eni.securityGroups.filter((id) => vpc.securityGroups.some((g) => g.id === id));
  return {
    name: listName(eni, direction),
    rules: [
      ...known.map((id) => `jump ${groupName(id, direction)}`),
      `drop comment ${quoted(name)}`,
    ],
  };
}

interface GroupQuestion {
  readonly vpc: Vpc;
  readonly group: SecurityGroup;
  readonly direction: Direction;
  readonly families: readonly IpFamily[];
}

function groupChain({ vpc, group, direction, families }: GroupQuestion) {
  const compiled = group[direction].map((rule, index) => {
    const name = ruleName({ filter: 'security-group', direction, object: group.name, rule: index });
    const side = direction === 'egress' ? 'destination' : 'source';
    const matches = families.flatMap((family) =>
      both(inRanges(peersOf(vpc, family, rule), side), matchProtocol(rule.protocol, rule.ports)),
    );
    return { name, matches };
  });
  const rules = compiled.flatMap(({ name, matches }) =>
    matches.map(({ text }) => `${text} accept comment ${quoted(name)}`.trim()),
  );
  const sets = compiled.flatMap(({ matches }) => matches.flatMap((match) => match.sets));
  return { chain: { name: groupName(group.id, direction), rules }, sets };
}

/**
 * Addresses of a rule's other side. A rule that names a group means every address of every
 * interface that carries it (VPC user guide: security group rules).
 */
function peersOf(vpc: Vpc, family: IpFamily, { peer }: SecurityGroupRule): Ranges {
  switch (peer.kind) {
    case 'cidr':
      return ofCidrs(family, [peer.cidr]);
    case 'security-group': {
      const members = vpc.interfaces.filter((eni) => eni.securityGroups.includes(peer.id));
      return union(family, [
        ofAddresses(
          family,
          members.flatMap(({ addresses }) => addresses),
        ),
        ofCidrs(
          family,
          members.flatMap(({ prefixes }) => prefixes),
        ),
      ]);
    }
    case 'prefix-list':
      return ofCidrs(family, vpc.prefixLists.find(({ id }) => id === peer.id)?.cidrs ?? []);
    case 'unknown':
      return ofCidrs(family, []);
  }
}

const ICMP = [1, 58];

/** Protocol and ports; for ICMP the field of ports holds the types, -1 being any. */
function matchProtocol(
  protocol: 'any' | number,
  ports: SecurityGroupRule['ports'],
): readonly Match[] {
  if (protocol === 'any') return [ANY];
  const named = plain(`meta l4proto ${protocol}`);
  if (ports === 'any') return [named];
  if (!ICMP.includes(protocol)) return both([named], [plain(`th dport ${portTexts([ports])}`)]);
  const field = protocol === 1 ? 'icmp' : 'icmpv6';
  return ports.first < 0 ? [named] : [plain(`${field} type ${portTexts([ports])}`)];
}

function aclFilter(vpc: Vpc, families: readonly IpFamily[]): Filter {
  const acls = vpc.networkAcls.flatMap((acl) =>
    DIRECTIONS.map((direction) => aclChain(acl, direction, families)),
  );
  const edges = vpc.subnets.map((subnet) => ({ subnet, devices: devicesIn(vpc, subnet) }));
  const maps = DIRECTIONS.map((direction) =>
    verdictMap(
      `network-acls-by-device-${direction}`,
      edges.flatMap(({ subnet, devices }) =>
        devices.map((device) => [device, edgeName(subnet, direction)] as const),
      ),
    ),
  );
  return {
    sets: maps,
    chains: [
      ...acls,
      ...edges.flatMap(({ subnet, devices }) =>
        DIRECTIONS.map((direction) => edgeChain({ vpc, subnet, devices, direction })),
      ),
    ],
  };
}

/** The devices at the router that lead into a subnet: its interfaces and its NAT gateways. */
function devicesIn(vpc: Vpc, { id }: Subnet): readonly string[] {
  const enis = vpc.interfaces.filter(
    (eni) => eni.subnet === id && eni.owner.kind !== 'nat-gateway',
  );
  const nats = vpc.natGateways.filter(({ subnet }) => subnet === id);
  return [
    ...enis.map((eni) => farEnd(vpc, eni).device),
    ...nats.map((nat) => routerDevice(natNetns(nat.id))),
  ];
}

const edgeName = ({ id }: Subnet, direction: Direction): string => `subnet/${id}/${direction}`;

const aclName = (id: string, direction: Direction): string => `acl/${id}/${direction}`;

/** Within a subnet no ACL is asked. */
function edgeChain(edge: {
  readonly vpc: Vpc;
  readonly subnet: Subnet;
  readonly devices: readonly string[];
  readonly direction: Direction;
}): NftChain {
  const { vpc, subnet, devices, direction } = edge;
  const known = vpc.networkAcls.some(({ id }) => id === subnet.networkAcl);
  const otherSide = direction === 'egress' ? 'oifname' : 'iifname';
  const within = devices.map((device) => `"${device}"`).join(', ');
  return {
    name: edgeName(subnet, direction),
    rules: [
      ...(devices.length > 0 ? [`${otherSide} { ${within} } accept comment "same subnet"`] : []),
      ...(known ? [`goto ${aclName(subnet.networkAcl, direction)}`] : []),
    ],
  };
}

/** Rules by ascending number, first match decides, `*` denies at the end. */
function aclChain(acl: NetworkAcl, direction: Direction, families: readonly IpFamily[]): NftChain {
  const entries = [...acl[direction]].sort((a, b) => a.number - b.number);
  const name = (rule: number | null): string =>
    quoted(ruleName({ filter: 'network-acl', direction, object: acl.name, rule }));
  const rules = entries.flatMap((entry) =>
    families
      .flatMap((family) => matchEntry(entry, direction, family))
      .map(
        (match) =>
          `${match.text} ${entry.action === 'allow' ? 'accept' : 'drop'} comment ${name(entry.number)}`,
      ),
  );
  return { name: aclName(acl.id, direction), rules: [...rules, `drop comment ${name(null)}`] };
}

function matchEntry(entry: AclEntry, direction: Direction, family: IpFamily): readonly Match[] {
  if (familyOf(entry.cidr.address) !== family) return [];
  const side = direction === 'egress' ? 'destination' : 'source';
  return both(
    inRanges(ofCidrs(family, [entry.cidr]), side),
    both(matchProtocol(entry.protocol, entry.ports), matchIcmp(entry)),
  );
}

function matchIcmp({ protocol, icmp }: AclEntry): readonly Match[] {
  if (icmp === undefined || icmp.type < 0) return [ANY];
  const field = protocol === 58 ? 'icmpv6' : 'icmp';
  const code = icmp.code < 0 ? '' : ` ${field} code ${icmp.code}`;
  return [plain(`${field} type ${icmp.type}${code}`)];
}

const distinct = <T extends { readonly name: string }>(things: readonly T[]): readonly T[] => [
  ...new Map(things.map((thing) => [thing.name, thing])).values(),
];
