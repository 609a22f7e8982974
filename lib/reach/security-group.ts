import { contains, formatCidr, type Ip } from '../model/address';
import type { Decision, Evidence } from '../model/explanation';
import type { Direction } from '../model/flow';
import type { NetworkInterface, SecurityGroup, SecurityGroupRule } from '../model/vpc';
import type { VpcIndex } from './vpc-index';
import { protocolNumber, traffic, type VpcPacket } from './vpc-packet';

/**
 * What the security groups of an interface say of the first packet of a connection: rules only
 * allow, and those of all groups add up (VPC user guide, "Security group rules"). Replies need no
 * answer of theirs. An interface without groups (a NAT gateway's) is not filtered.
 */
export function askGroups(
  index: VpcIndex,
  own: NetworkInterface,
  question: { readonly direction: Direction; readonly packet: VpcPacket },
): Decision | undefined {
  if (own.securityGroups.length === 0) return undefined;
  const asked = { index, ...question };
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
  readonly direction: Direction;
  readonly packet: VpcPacket;
}

/** What the rules of one group that could match say. */
function askGroup(group: SecurityGroup, question: Question): readonly Decision[] {
  const { direction, packet } = question;
  return group[direction].flatMap((rule, i): Decision[] => {
    if (!matchesTraffic(rule, packet)) return [];
    const matched = matchesPeer(rule, question);
    if (matched === 'no') return [];
    if (matched !== 'yes') {
      const because = `rule ${i} (${direction}) of ${group.name} depends on ${matched.unknown}, which is not known`;
      return [{ kind: 'unknown', evidence: evidence(question, group.name, { rule: i, because }) }];
    }
    const because = `rule ${i} (${direction}) of ${group.name} allows ${traffic(packet)} ${peerWords(rule, question)}`;
    return [{ kind: 'allowed', evidence: evidence(question, group.name, { rule: i, because }) }];
  });
}

function matchesTraffic(rule: SecurityGroupRule, packet: VpcPacket): boolean {
  if (rule.protocol !== 'any' && rule.protocol !== protocolNumber(packet)) return false;
  const { ports } = rule;
  return ports === 'any' || (ports.first <= packet.ports.first && packet.ports.last <= ports.last);
}

const peerOf = ({ direction, packet }: Question): Ip =>
  direction === 'ingress' ? packet.source : packet.destination;

function matchesPeer(
  rule: SecurityGroupRule,
  question: Question,
): 'yes' | 'no' | { readonly unknown: string } {
  const address = peerOf(question);
  const { peer } = rule;
  const { index } = question;
  switch (peer.kind) {
    case 'cidr':
      return contains(peer.cidr, address) ? 'yes' : 'no';
    case 'security-group': {
      const { carrier } = question.packet;
      const holders = carrier === undefined ? [address] : [address, carrier];
      const carried = holders.some((one) =>
        index.at(one)?.interface.securityGroups.includes(peer.id),
      );
      if (carried) return 'yes';
      return index.group(peer.id) === undefined && index.holding(address) !== undefined
        ? { unknown: `security group ${peer.id}` }
        : 'no';
    }
    case 'prefix-list': {
      const list = index.prefixList(peer.id);
      if (list === undefined) return { unknown: `prefix list ${peer.id}` };
      return list.cidrs.some((block) => contains(block, address)) ? 'yes' : 'no';
    }
    case 'unknown':
      return { unknown: peer.what };
  }
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
  const because = `security group ${id} is in no template, so its rules are not known`;
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
