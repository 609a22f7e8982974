import type { IpFamily } from '../../model/address';
import type { Direction } from '../../model/flow';
import { hash64 } from '../../model/hash';
import { ruleName } from '../../model/rule-name';
import type { NetworkInterface, SecurityGroup, SecurityGroupRule, Vpc } from '../../model/vpc';
import { both, inRanges, type Match, plain } from '../nft/match';
import { ofAddresses, ofCidrs, type Ranges, union } from '../nft/ranges';
import { identifier, type NftChain, quoted } from '../nft/ruleset';
import { balancerInterfaces } from './balancers';
import { AMAZON, BY_DEVICE, DIRECTIONS, distinct, type FilterChains, verdictMap } from './devices';
import { amazonAddresses, farEnd } from './places';
import { matchProtocol } from './traffic';

/** Security groups: a chain for each group, a list for each interface's groups. */
export function groupFilter(
  vpc: Vpc,
  families: readonly IpFamily[],
  vpcs: readonly Vpc[],
): FilterChains {
  const members = membersOf(vpc, vpcs);
  const groups = vpc.securityGroups.flatMap((group) =>
    DIRECTIONS.map((direction) => groupChain({ vpc, group, direction, families, members })),
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

const ESTABLISHED = 'ct state established,related accept comment "established"';

/** The sender's groups are asked before the router looks for a way: a drop comes before no route. */
export function groupsChain(vpc: Vpc, direction: Direction): NftChain {
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

const groupName = (id: string, direction: Direction): string =>
  `group/${identifier(id)}/${direction}`;

const listName = ({ securityGroups }: NetworkInterface, direction: Direction): string =>
  `groups-${hash64(securityGroups.join()).slice(0, 8)}/${direction}`;

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

/** Interfaces that rules may reference by a group: the VPC's own, and those of VPCs peered with it. */
function membersOf(vpc: Vpc, vpcs: readonly Vpc[]): readonly NetworkInterface[] {
  const joined = new Set(vpc.peerings.flatMap((one) => [one.requester, one.accepter]));
  const peered = vpcs.filter(({ id }) => id !== vpc.id && joined.has(id));
  return [vpc, ...peered].flatMap(({ interfaces }) => interfaces);
}

interface GroupQuestion {
  readonly vpc: Vpc;
  readonly group: SecurityGroup;
  readonly direction: Direction;
  readonly families: readonly IpFamily[];
  readonly members: readonly NetworkInterface[];
}

function groupChain({ vpc, group, direction, families, members }: GroupQuestion) {
  const compiled = group[direction].map((rule, index) => {
    const name = ruleName({ filter: 'security-group', direction, object: group.name, rule: index });
    const side = direction === 'egress' ? 'destination' : 'source';
    const peers = families.flatMap((family) =>
      inRanges(peersOf(vpc, family, { rule, members }), side),
    );
    const carried = direction === 'ingress' ? carriedBy(vpc, rule) : [];
    const matches = both([...peers, ...carried], matchProtocol(rule.protocol, rule.ports));
    return { name, matches };
  });
  const rules = compiled.flatMap(({ name, matches }) =>
    matches.map(({ text }) => `${text} accept comment ${quoted(name)}`.trim()),
  );
  const sets = compiled.flatMap(({ matches }) => matches.flatMap((match) => match.sets));
  return { chain: { name: groupName(group.id, direction), rules }, sets };
}

/**
 * A load balancer that keeps its client's address is still known by its group (Elastic Load
 * Balancing: a target's rule may reference the load balancer's group, client kept or not).
 */
function carriedBy(vpc: Vpc, { peer }: SecurityGroupRule): readonly Match[] {
  if (peer.kind !== 'security-group') return [];
  const carriers = balancerInterfaces(vpc)
    .filter(({ securityGroups }) => securityGroups.includes(peer.id))
    .map((eni) => `"${farEnd(vpc, eni).device}"`);
  return carriers.length === 0 ? [] : [plain(`iifname { ${carriers.join(', ')} }`)];
}

/**
 * Addresses of a rule's other side. A rule that names a group means every address of every
 * interface that carries it (VPC user guide: security group rules).
 */
function peersOf(
  vpc: Vpc,
  family: IpFamily,
  {
    rule: { peer },
    members: all,
  }: { rule: SecurityGroupRule; members: readonly NetworkInterface[] },
): Ranges {
  switch (peer.kind) {
    case 'cidr':
      return ofCidrs(family, [peer.cidr]);
    case 'security-group': {
      const members = all.filter((eni) => eni.securityGroups.includes(peer.id));
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
