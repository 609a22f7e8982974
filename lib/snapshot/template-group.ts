import { parseCidr } from '../model/address';
import type { PortRange } from '../model/policy';
import type { SecurityGroup, SecurityGroupPeer, SecurityGroupRule, Vpc } from '../model/vpc';
import { EVERYWHERE, portsAt } from './template-filter';
import {
  knownText,
  listAt,
  mapAt,
  type Resource,
  type Resources,
  textAt,
  wrong,
} from './template-resource';
import { isUnknown, isValueMap, type UnknownValue, type ValueMap } from './template-value';

type Side = 'Ingress' | 'Egress';

/** What a group is before rules of their own resources are added. */
interface Shell {
  readonly id: string;
  readonly name: string;
  readonly ingress: readonly SecurityGroupRule[];
  /** Absent: none were written. */
  readonly egress: readonly SecurityGroupRule[] | undefined;
}

/** Security groups of a VPC: its own, its default one, and those that EKS makes for clusters. */
export function readGroups(
  resources: Resources,
  vpc: Pick<Vpc, 'id' | 'name'>,
  clusters: readonly { readonly group: string; readonly name: string }[],
): readonly SecurityGroup[] {
  const shells = [
    defaultGroup(resources, vpc),
    ...clusters.map(({ group, name }) => selfGroup(group, `eks-cluster-sg-${name}`)),
    ...resources
      .ofType('AWS::EC2::SecurityGroup')
      .filter((group) => group.properties.VpcId === vpc.id)
      .map(ownGroup),
  ];
  return shells.map(({ id, name, ingress, egress }) => {
    const added = addedRules(resources, id, 'Egress');
    // EC2's default (everything may leave) stays only until the first egress rule, wherever written.
    const own = egress ?? (added.length === 0 ? EVERYTHING : []);
    return {
      id,
      name,
      ingress: [...ingress, ...addedRules(resources, id, 'Ingress')],
      egress: [...own, ...added],
    };
  });
}

function ownGroup(group: Resource): Shell {
  const rules = (side: Side): readonly SecurityGroupRule[] =>
    listAt(group.properties, `SecurityGroup${side}`).flatMap((rule, i) => {
      const path = `SecurityGroup${side}[${i}].`;
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

/** Members may talk to each other, and to everybody: a VPC's default group, and EKS's own. */
const selfGroup = (id: string, name: string): Shell => ({
  id,
  name,
  ingress: [{ protocol: 'any', ports: 'any', peer: { kind: 'security-group', id } }],
  egress: undefined,
});

/** The default group, emptied where CDK's `restrictDefaultSecurityGroup` says so. */
function defaultGroup(resources: Resources, vpc: Pick<Vpc, 'id' | 'name'>): Shell {
  const id = `${vpc.id}.default-group`;
  const shell = selfGroup(id, `default group of ${vpc.name}`);
  const restricted = resources
    .ofType('Custom::VpcRestrictDefaultSG')
    .some((custom) => custom.properties.DefaultSecurityGroupId === id);
  const revoked = (side: Side): boolean =>
    restricted ||
    resources.ofType('AWS::Scheduler::Schedule').some((schedule) => revokes(schedule, side, id));
  return {
    ...shell,
    ingress: revoked('Ingress') ? [] : shell.ingress,
    egress: revoked('Egress') ? [] : shell.egress,
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

const addedRules = (
  resources: Resources,
  group: string,
  side: Side,
): readonly SecurityGroupRule[] =>
  resources
    .ofType(`AWS::EC2::SecurityGroup${side}`)
    .filter((rule) => rule.properties.GroupId === group)
    .flatMap((rule) => readRule(rule.properties, side, { resource: rule, path: '' }));

interface At {
  readonly resource: Resource;
  readonly path: string;
}

function readRule(rule: ValueMap, side: Side, at: At): readonly SecurityGroupRule[] {
  const protocol = protocolOf(rule, at);
  const ports = portsAt(rule, 'FromPort', 'ToPort');
  if (protocol === undefined) return [];
  const description = knownText(rule, 'Description');
  const missing = [protocol, ports].find(isUnknown);
  return peersOf(rule, side, at).map((peer) => ({
    protocol: isUnknown(protocol) ? 'any' : protocol,
    ports: protocol === 'any' ? 'any' : rangeOf(protocol, ports, rule),
    // A rule of unknown ports may or may not match: as undecided as one of unknown peers.
    peer: missing === undefined ? peer : { kind: 'unknown', what: missing.unknown },
    ...(description === undefined ? {} : { description }),
  }));
}

/** For ICMP `FromPort` is the type and `ToPort` the code; the code is not told apart here. */
function rangeOf(
  protocol: number | UnknownValue,
  ports: 'any' | PortRange | UnknownValue,
  rule: ValueMap,
): 'any' | PortRange {
  if (isUnknown(ports) || ports === 'any') return 'any';
  if (protocol !== 1 && protocol !== 58) return ports;
  const type = Number(knownText(rule, 'FromPort'));
  return { first: type, last: type };
}

const PROTOCOLS: Readonly<Record<string, number | 'any'>> = {
  '-1': 'any',
  all: 'any',
  tcp: 6,
  udp: 17,
  icmp: 1,
  icmpv6: 58,
};

function protocolOf(rule: ValueMap, at: At): number | 'any' | UnknownValue | undefined {
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
function peersOf(rule: ValueMap, side: Side, at: At): readonly SecurityGroupPeer[] {
  const end = side === 'Ingress' ? 'Source' : 'Destination';
  const keys = ['CidrIp', 'CidrIpv6', `${end}SecurityGroupId`, `${end}PrefixListId`];
  const key = keys.find((k) => rule[k] !== undefined);
  const value = key === undefined ? undefined : textAt(rule, key);
  if (key === undefined || value === undefined) {
    const fix = `give CidrIp, ${end}SecurityGroupId or ${end}PrefixListId`;
    wrong(at.resource, at.path.replace(/\.$/, ''), { problem: 'the rule names no peer', fix });
    return [];
  }
  if (isUnknown(value)) return [{ kind: 'unknown', what: value.unknown }];
  if (key.endsWith('GroupId')) return [{ kind: 'security-group', id: value }];
  if (key.endsWith('ListId')) return [{ kind: 'prefix-list', id: value }];
  const block = parseCidr(value);
  if (!('problem' in block)) return [{ kind: 'cidr', cidr: block }];
  wrong(at.resource, `${at.path}${key}`, block);
  return [];
}
