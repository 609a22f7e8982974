import { familyOf, type IpFamily } from '../../model/address';
import type { Direction } from '../../model/flow';
import { ruleName } from '../../model/rule-name';
import type { AclEntry, NetworkAcl, Subnet, Vpc } from '../../model/vpc';
import { routerDevice } from '../commands/names';
import { ANY, both, inRanges, type Match, plain } from '../nft/match';
import { ofCidrs } from '../nft/ranges';
import { identifier, type NftChain, quoted } from '../nft/ruleset';
import { AMAZON, BY_DEVICE, DIRECTIONS, type FilterChains, verdictMap } from './devices';
import { farEnd, natNetns } from './places';
import { matchProtocol } from './traffic';

/** Network ACLs: a chain for each, and one for the edge of each subnet. */
export function aclFilter(vpc: Vpc, families: readonly IpFamily[]): FilterChains {
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

const edgeName = ({ id }: Subnet, direction: Direction): string =>
  `subnet/${identifier(id)}/${direction}`;

const aclName = (id: string, direction: Direction): string => `acl/${identifier(id)}/${direction}`;

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

/**
 * That a router further on has no way is how this target tells `no-route` from a denial; AWS does not
 * report it, so no ACL of a template is asked about it.
 */
const NOWHERE_TOLD = 'icmp type destination-unreachable icmp code 0 ct state related accept';

/** Every packet that crosses a subnet's edge, replies included. */
export const aclsChain = (direction: Direction): NftChain => ({
  name: `network-acls-${direction}`,
  base: `type filter hook forward priority ${direction === 'egress' ? -30 : -20}; policy accept;`,
  rules: [
    `iifname "${AMAZON}" accept`,
    `oifname "${AMAZON}" accept`,
    NOWHERE_TOLD,
    `${BY_DEVICE[direction]} vmap @network-acls-by-device-${direction}`,
  ],
});
