import { familyOf } from '../../model/address';
import type { PortRange } from '../../model/policy';
import type { SecurityGroup, SecurityGroupPeer, SecurityGroupRule, Vpc } from '../../model/vpc';
import { parseBlock } from './block';
import { EVERYWHERE } from './filter';
import { defaultGroup as defaultGroupId } from './own';
import { hasPorts, isIcmp, portsAt, type RuleAt } from './ports';
import {
  doubtAt,
  knownText,
  listAt,
  mapAt,
  naming,
  numberAt,
  type Resource,
  type Resources,
  textAt,
  wrong,
} from './resource';
import { isUnknown, isValueMap, type UnknownValue, type ValueMap } from './value';

type Side = 'Ingress' | 'Egress';

/** What a group is before rules of their own resources are added. */
interface Shell {
  readonly id: string;
  readonly name: string;
  readonly ingress: readonly SecurityGroupRule[];
  /** Absent: none were written. */
  readonly egress: readonly SecurityGroupRule[] | undefined;
}

/** The group that EKS makes for a cluster. */
interface ClusterGroup {
  readonly group: string;
  readonly name: string;
  /** The template lists all of its rules. */
  readonly isListed: boolean;
}

function clusterGroup({ group: id, name, isListed }: ClusterGroup): Shell {
  const own = selfGroup(id, `eks-cluster-sg-${name}`);
  return isListed ? { ...own, ingress: [], egress: [] } : own;
}

/** Security groups of a VPC: its own, its default one, and those that EKS makes for clusters. */
export function readGroups(
  resources: Resources,
  vpc: Pick<Vpc, 'id' | 'name'>,
  clusters: readonly ClusterGroup[],
): readonly SecurityGroup[] {
  const shells = [
    defaultGroup(resources, vpc),
    ...clusters.map(clusterGroup),
    ...resources
      .ofType('AWS::EC2::SecurityGroup')
      .filter((group) => group.properties.VpcId === vpc.id)
      .map(ownGroup),
  ];
  return shells.map(({ id, name, ingress, egress }) => {
    const added = addedRules(resources, id, 'Egress');
    return {
      id,
      name,
      ingress: [...ingress, ...addedRules(resources, id, 'Ingress')],
      egress: [...(egress ?? defaultEgress(added)), ...added],
    };
  });
}

/**
 * EC2's default (everything may leave) stays only until the first egress rule, wherever written;
 * where it is not known whose rule that is, it is not known whether the default stays.
 */
function defaultEgress(added: readonly SecurityGroupRule[]): readonly SecurityGroupRule[] {
  if (added.some(({ unknown }) => unknown === undefined)) return [];
  const [doubtful] = added;
  return doubtful?.unknown === undefined
    ? EVERYTHING
    : EVERYTHING.map((rule) => doubted(rule, doubtful.unknown));
}

const doubted = (rule: SecurityGroupRule, what: string | undefined): SecurityGroupRule =>
  what === undefined ? rule : { ...rule, unknown: rule.unknown ?? what };

function ownGroup(group: Resource): Shell {
  const rules = (side: Side): readonly SecurityGroupRule[] =>
    listAt(group.properties, `SecurityGroup${side}`).flatMap((rule, i) => {
      const path = `SecurityGroup${side}[${i}].`;
      if (isUnknown(rule)) return [anyRule(rule.unknown)];
      return isValueMap(rule) ? readRule(rule, side, { resource: group, path }) : [];
    });
  const written = listAt(group.properties, 'SecurityGroupEgress').length > 0;
  return {
    id: group.id,
    name: group.name,
    ingress: rules('Ingress'),
    egress: written ? rules('Egress') : undefined,
  };
}

/** A rule of which nothing is known: it may admit anything. */
const anyRule = (what: string): SecurityGroupRule => ({
  protocol: 'any',
  ports: 'any',
  peer: { kind: 'unknown', what },
  unknown: what,
});

/** Members may talk to each other, and to everybody: a VPC's default group, and EKS's own. */
const selfGroup = (id: string, name: string): Shell => ({
  id,
  name,
  ingress: [{ protocol: 'any', ports: 'any', peer: { kind: 'security-group', id } }],
  egress: undefined,
});

/** The default group, emptied where CDK's `restrictDefaultSecurityGroup` says so. */
function defaultGroup(resources: Resources, vpc: Pick<Vpc, 'id' | 'name'>): Shell {
  const id = defaultGroupId(vpc.id);
  const shell = selfGroup(id, `default group of ${vpc.name}`);
  const emptied = naming(
    resources.ofType('Custom::VpcRestrictDefaultSG'),
    'DefaultSecurityGroupId',
    id,
  );
  const revoked = (side: Side): boolean =>
    emptied.known.length > 0 ||
    resources.ofType('AWS::Scheduler::Schedule').some((schedule) => revokes(schedule, side, id));
  const [maybe] = emptied.doubtful;
  const doubt = maybe && doubtAt(maybe.properties, 'DefaultSecurityGroupId');
  const left = (rules: readonly SecurityGroupRule[]): readonly SecurityGroupRule[] =>
    rules.map((rule) => doubted(rule, doubt));
  const egress = doubt === undefined ? shell.egress : left(EVERYTHING);
  return {
    ...shell,
    ingress: revoked('Ingress') ? [] : left(shell.ingress),
    egress: revoked('Egress') ? [] : egress,
  };
}

/** Does a schedule call EC2 to take a group's rules away (the universal targets of EventBridge)? */
function revokes({ properties }: Resource, side: Side, group: string): boolean {
  const target = mapAt(properties, 'Target');
  const call = knownText(target, 'Arn') ?? '';
  const input = knownText(target, 'Input') ?? '';
  return call.endsWith(`ec2:revokeSecurityGroup${side}`) && input.includes(`"GroupId":"${group}"`);
}

/** What EC2 adds to a group without egress rules, for IPv4 and IPv6. */
const EVERYTHING: readonly SecurityGroupRule[] = [EVERYWHERE[4], EVERYWHERE[6]].map((cidr) => ({
  protocol: 'any',
  ports: 'any',
  peer: { kind: 'cidr', cidr },
}));

/** Rules that are resources of their own; one whose group is not known may be any group's. */
function addedRules(resources: Resources, group: string, side: Side): readonly SecurityGroupRule[] {
  const all = resources.ofType(`AWS::EC2::SecurityGroup${side}`);
  const { known, doubtful } = naming(all, 'GroupId', group);
  const read = (rule: Resource): readonly SecurityGroupRule[] =>
    readRule(rule.properties, side, { resource: rule, path: '' });
  return [
    ...known.flatMap(read),
    ...doubtful.flatMap((rule) =>
      read(rule).map((one) => doubted(one, doubtAt(rule.properties, 'GroupId'))),
    ),
  ];
}

function readRule(rule: ValueMap, side: Side, at: RuleAt): readonly SecurityGroupRule[] {
  const protocol = protocolOf(rule, at);
  if (protocol === undefined) return [];
  const description = knownText(rule, 'Description');
  const traffic = trafficOf(rule, protocol, at);
  return peersOf(rule, side, at).map((peer) => ({
    ...traffic,
    peer,
    ...(description === undefined ? {} : { description }),
  }));
}

type Traffic = Pick<SecurityGroupRule, 'protocol' | 'ports' | 'icmpCode' | 'unknown'>;

/**
 * Protocol and ports of a rule, the widest where they are not known. For ICMP `FromPort` is the type
 * and `ToPort` the code; for protocols without ports a range means nothing (EC2 API, IpPermission).
 */
function trafficOf(rule: ValueMap, protocol: number | 'any' | UnknownValue, at: RuleAt): Traffic {
  if (isUnknown(protocol)) return { protocol: 'any', ports: 'any', unknown: protocol.unknown };
  if (protocol === 'any') return { protocol, ports: 'any' };
  if (isIcmp(protocol)) {
    const [type = -1, code = -1] = ['FromPort', 'ToPort'].map((key) => numberAt(rule, key));
    const missing = [type, code].find(isUnknown);
    if (isUnknown(type) || isUnknown(code))
      return { protocol, ports: 'any', unknown: missing?.unknown ?? '' };
    const ports: 'any' | PortRange = type === -1 ? 'any' : { first: type, last: type };
    return code === -1 ? { protocol, ports } : { protocol, ports, icmpCode: code };
  }
  if (!hasPorts(protocol)) return { protocol, ports: 'any' };
  const ports = portsAt(rule, ['FromPort', 'ToPort'], at);
  return isUnknown(ports)
    ? { protocol, ports: 'any', unknown: ports.unknown }
    : { protocol, ports };
}

const PROTOCOLS: Readonly<Record<string, number | 'any'>> = {
  '-1': 'any',
  all: 'any',
  tcp: 6,
  udp: 17,
  icmp: 1,
  icmpv6: 58,
};

function protocolOf(rule: ValueMap, at: RuleAt): number | 'any' | UnknownValue | undefined {
  const text = textAt(rule, 'IpProtocol');
  if (isUnknown(text)) return text;
  const name = (text ?? '').toLowerCase();
  const named = Object.hasOwn(PROTOCOLS, name) ? PROTOCOLS[name] : undefined;
  if (named !== undefined) return named;
  if (/^\d{1,3}$/.test(name) && Number(name) < 256) return Number(name);
  const fix = 'write tcp, udp, icmp, icmpv6, a protocol number or -1';
  wrong(at.resource, `${at.path}IpProtocol`, { problem: `'${name}' is no protocol`, fix });
  return undefined;
}

/** The one peer of a rule; none where it is written wrongly (which is then reported). */
function peersOf(rule: ValueMap, side: Side, at: RuleAt): readonly SecurityGroupPeer[] {
  const end = side === 'Ingress' ? 'Source' : 'Destination';
  const keys = ['CidrIp', 'CidrIpv6', `${end}SecurityGroupId`, `${end}PrefixListId`];
  const named = keys.filter((k) => rule[k] !== undefined);
  const [key] = named;
  const value = key === undefined ? undefined : textAt(rule, key);
  const path = at.path.replace(/\.$/, '');
  if (key === undefined || value === undefined) {
    const byName =
      doubtAt(rule, 'SourceSecurityGroupName') ?? knownText(rule, 'SourceSecurityGroupName');
    if (byName !== undefined) return [{ kind: 'unknown', what: `security group ${byName}` }];
    const fix = `give CidrIp, ${end}SecurityGroupId or ${end}PrefixListId`;
    wrong(at.resource, path, { problem: 'the rule names no peer', fix });
    return [];
  }
  if (named.length > 1) {
    const problem = `the rule names ${named.length} peers: ${named.join(', ')}`;
    wrong(at.resource, path, { problem, fix: 'write a rule for each' });
  }
  if (isUnknown(value)) return [{ kind: 'unknown', what: value.unknown }];
  if (key.endsWith('GroupId')) return [{ kind: 'security-group', id: value }];
  if (key.endsWith('ListId')) return [{ kind: 'prefix-list', id: value }];
  return blockPeer(value, `${at.path}${key}`, at.resource);
}

function blockPeer(text: string, path: string, resource: Resource): readonly SecurityGroupPeer[] {
  const block = parseBlock(text);
  if ('problem' in block) {
    wrong(resource, path, block);
    return [];
  }
  const sixth = path.endsWith('CidrIpv6');
  if (familyOf(block.address) === (sixth ? 6 : 4)) return [{ kind: 'cidr', cidr: block }];
  const fix = sixth ? 'write it as CidrIp' : 'write it as CidrIpv6';
  wrong(resource, path, { problem: `'${text}' is of the other address family`, fix });
  return [];
}
