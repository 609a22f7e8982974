import { formatCidr, type Ip } from '../../model/address';
import type { Decision, Evidence } from '../../model/explanation';
import type { Direction } from '../../model/flow';
import { isUnknownId, unknownIdText } from '../../model/unknown-id';
import type { SecurityGroup, SecurityGroupRule, Vpc } from '../../model/vpc';
import { icmpCode, protocolNumber, traffic } from './packet';
import { mayHold } from './prefix-list';
import type { VpcIndex, VpcInterface, VpcPacket } from './types';
import { type Held, isWithin } from './within';

/**
 * What the security groups of an interface say of the first packet of a connection: rules only
 * allow, and those of all groups add up (VPC user guide, "Security group rules"). Replies need no
 * answer of theirs. An interface without groups (a NAT gateway's) is not filtered.
 */
export function askGroups(
  index: VpcIndex,
  { vpc, interface: own }: Pick<VpcInterface, 'vpc' | 'interface'>,
  question: { readonly direction: Direction; readonly packet: VpcPacket },
): Decision | undefined {
  if (own.securityGroups.length === 0) return undefined;
  const asked = { index, vpc, ...question };
  const groups = own.securityGroups.map((id) => ({ id, group: index.group(id) }));
  const answers = groups.flatMap(({ id, group }) =>
    group === undefined ? [strange(asked, id)] : askGroup(group, asked),
  );
  const found =
    answers.find(({ kind }) => kind === 'allowed') ??
    answers.find(({ kind }) => kind === 'unknown');
  return (
    found ??
    refused(
      groups.map(({ id, group }) => group?.name ?? id),
      asked,
    )
  );
}

interface Question {
  readonly index: VpcIndex;
  /** The VPC of the interface that is filtered. */
  readonly vpc: Vpc;
  readonly direction: Direction;
  readonly packet: VpcPacket;
}

/** What the rules of one group that could match say. */
function askGroup(group: SecurityGroup, question: Question): readonly Decision[] {
  const { direction, packet } = question;
  return group[direction].flatMap((rule, i): Decision[] => {
    if (!matchesTraffic(rule, packet)) return [];
    const matched = matchesPeer(rule, question);
    if (matched === false) return [];
    const doubt = rule.unknown ?? (matched === true ? undefined : matched.unknown);
    if (doubt !== undefined) {
      const because = `rule ${i} (${direction}) of ${group.name} depends on ${doubt}, which is not known`;
      return [{ kind: 'unknown', evidence: evidence(question, group.name, { rule: i, because }) }];
    }
    const because = `rule ${i} (${direction}) of ${group.name} allows ${traffic(packet)} ${peerWords(rule, question)}`;
    return [{ kind: 'allowed', evidence: evidence(question, group.name, { rule: i, because }) }];
  });
}

function matchesTraffic(rule: SecurityGroupRule, packet: VpcPacket): boolean {
  if (rule.protocol !== 'any' && rule.protocol !== protocolNumber(packet)) return false;
  if (rule.icmpCode !== undefined && rule.icmpCode !== icmpCode(packet)) return false;
  const { ports } = rule;
  return ports === 'any' || (ports.first <= packet.ports.first && packet.ports.last <= ports.last);
}

const peerOf = ({ direction, packet }: Question): Ip =>
  direction === 'ingress' ? packet.source : packet.destination;

function matchesPeer(rule: SecurityGroupRule, question: Question): Held {
  const address = peerOf(question);
  const { peer } = rule;
  const { index, vpc } = question;
  switch (peer.kind) {
    case 'cidr':
      return isWithin(index, { vpc, block: peer.cidr, address });
    case 'security-group':
      return hasMember(peer.id, question);
    case 'prefix-list': {
      const list = index.prefixList(peer.id);
      if (list === undefined) return { unknown: `prefix list ${peer.id}` };
      const answers = list.cidrs.map((block) => isWithin(index, { vpc, block, address }));
      if (answers.includes(true)) return true;
      if (mayHold(list, address)) return { unknown: `which blocks ${peer.id} has` };
      return answers.find((answer) => answer !== false) ?? false;
    }
    case 'unknown':
      return { unknown: peer.what };
  }
}

/** Does the peer carry a group? An interface with a group that is not known may carry any. */
function hasMember(group: string, { index, vpc, direction, packet }: Question): Held {
  const address = direction === 'ingress' ? packet.source : packet.destination;
  const { carrier } = packet;
  const holders = (carrier === undefined ? [address] : [address, carrier]).flatMap(
    (one) => index.seenFrom(vpc, one)?.interface ?? [],
  );
  if (holders.some(({ securityGroups }) => securityGroups.includes(group))) return true;
  const hidden = holders.flatMap(({ securityGroups }) => securityGroups).find(isUnknownId);
  if (hidden !== undefined) return { unknown: unknownIdText(hidden) };
  const inside = index.holding(address) !== undefined;
  return index.group(group) === undefined && inside
    ? { unknown: `security group ${group}` }
    : false;
}

function peerWords({ peer }: SecurityGroupRule, question: Question): string {
  const way = question.direction === 'ingress' ? 'from' : 'to';
  switch (peer.kind) {
    case 'cidr':
      return `${way} ${formatCidr(peer.cidr)}`;
    case 'security-group':
      return `${way} members of ${question.index.group(peer.id)?.name ?? peer.id}`;
    case 'prefix-list':
      return `${way} prefix list ${peer.id}`;
    case 'unknown':
      return `${way} ${peer.what}`;
  }
}

function strange(question: Question, id: string): Decision {
  const because = isUnknownId(id)
    ? `one of its security groups is not known: ${unknownIdText(id)}`
    : `security group ${id} is in no template, so its rules are not known`;
  return { kind: 'unknown', evidence: evidence(question, id, { rule: null, because }) };
}

function refused(names: readonly string[], question: Question): Decision {
  const { direction, packet } = question;
  const object = names.join(', ');
  const way = direction === 'ingress' ? `in from ${packet.source}` : `out to ${packet.destination}`;
  const because = `no ${direction} rule of ${object} lets ${traffic(packet)} ${way}; a security group allows only what a rule names`;
  return { kind: 'denied', evidence: evidence(question, object, { rule: null, because }) };
}

const evidence = (
  { direction }: Question,
  object: string,
  { rule, because }: Pick<Evidence, 'rule' | 'because'>,
): Evidence => ({ filter: 'security-group', direction, object, rule, because });
