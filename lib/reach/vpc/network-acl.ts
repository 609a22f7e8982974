import { contains, formatCidr } from '../../model/address';
import type { Decision, Evidence } from '../../model/explanation';
import type { Direction } from '../../model/flow';
import type { PortRange } from '../../model/policy';
import type { AclEntry, NetworkAcl } from '../../model/vpc';
import { formatPorts, icmpCode, isNeverSent, protocolNumber, traffic } from './packet';
import type { VpcIndex, VpcPacket } from './types';
import { isWithin } from './within';

/**
 * What a network ACL says of a packet: entries by ascending number, the first that matches decides,
 * `*` denies the rest (VPC user guide, "Network ACL rules"). Of a range of ports, several entries may
 * each admit a part. Where a part is refused and another passes, whether the packet passes depends on
 * the port that the client has: that is not known.
 */
export function askAcl(
  acl: NetworkAcl,
  direction: Direction,
  packet: VpcPacket,
  index?: VpcIndex,
): readonly Decision[] {
  const question = { ...(index === undefined ? {} : { index }), acl, direction, packet };
  if (isNeverSent(packet)) return [noReply(question)];
  const answers = decide(acl[direction], [packet.ports], question);
  const refusals = answers.filter(({ decision }) => decision.kind === 'denied');
  const passes = answers.some(({ decision }) => decision.kind === 'allowed');
  return answers.map(({ decision, ports }) =>
    passes && refusals.length > 0 && decision.kind === 'denied'
      ? partlyDenied(decision, ports, question)
      : decision,
  );
}

/** The message has no reply that the ACL could refuse. */
const noReply = (question: Question): Decision => ({
  kind: 'allowed',
  evidence: evidence(question, null, 'an ICMP message of this type has no reply'),
});

/** Does a network ACL refuse some of a packet's ports, whatever is not known? */
export const refusesSome = (acl: NetworkAcl, direction: Direction, packet: VpcPacket): boolean =>
  !isNeverSent(packet) &&
  decide(acl[direction], [packet.ports], { acl, direction, packet }).some(
    ({ decision }) => decision.kind === 'denied',
  );

interface Question {
  /** Tells which addresses AWS chooses; absent: none. */
  readonly index?: VpcIndex;
  readonly acl: NetworkAcl;
  readonly direction: Direction;
  readonly packet: VpcPacket;
}

/** A decision and the ports of the packet that it holds for. */
interface PartDecision {
  readonly decision: Decision;
  readonly ports: readonly PortRange[];
}

function decide(
  entries: readonly AclEntry[],
  open: readonly PortRange[],
  question: Question,
): readonly PartDecision[] {
  if (open.length === 0) return [];
  const at = entries.findIndex((entry) => parts(entry, open, question).length > 0);
  const entry = entries[at];
  if (entry === undefined) return [{ decision: byDefault(open, question), ports: open }];
  const rest = entries.slice(at + 1);
  const matched = parts(entry, open, question);
  const doubt = entry.unknown ?? blockDoubt(entry, question);
  if (doubt !== undefined)
    return doubted({ ...entry, unknown: doubt }, decide(rest, open, question), question);
  const decision =
    entry.action === 'deny' ? denied(entry, matched, question) : allowed(entry, question);
  return [{ decision, ports: matched }, ...decide(rest, without(open, matched), question)];
}

/** A part of the client's ports is refused, another passes. */
function partlyDenied(
  { evidence: own }: Decision,
  ports: readonly PortRange[],
  { packet }: Question,
): Decision {
  const range = formatPorts(packet.ports);
  const because = `${own.because}; a client that has one of ${ports.map(formatPorts).join(', ')} of ${range} is cut off, others are not`;
  return { kind: 'unknown', evidence: { ...own, because } };
}

/** Why it is not known whether an entry's block holds the peer. */
function blockDoubt(
  { cidr }: AclEntry,
  { index, acl, direction, packet }: Question,
): string | undefined {
  const address = direction === 'ingress' ? packet.source : packet.destination;
  const vpc = index?.vpcOfAcl(acl.id);
  const held =
    index === undefined || vpc === undefined
      ? undefined
      : isWithin(index, { vpc, block: cidr, address });
  return typeof held === 'object' ? held.unknown : undefined;
}

/** An entry not known yet decides nothing where what follows says the same as it would. */
function doubted(
  entry: AclEntry,
  rest: readonly PartDecision[],
  question: Question,
): readonly PartDecision[] {
  const same = entry.action === 'allow' ? 'allowed' : 'denied';
  if (rest.every(({ decision }) => decision.kind === same)) return rest;
  const because = `rule ${entry.number} of ${question.acl.name} depends on ${entry.unknown}, known only after deployment`;
  const decision: Decision = {
    kind: 'unknown',
    evidence: evidence(question, entry.number, because),
  };
  return [{ decision, ports: [question.packet.ports] }];
}

/** The parts of the open port ranges that an entry matches. */
function parts(
  entry: AclEntry,
  open: readonly PortRange[],
  question: Question,
): readonly PortRange[] {
  const { direction, packet } = question;
  const peer = direction === 'ingress' ? packet.source : packet.destination;
  const protocol = protocolNumber(packet);
  if (entry.protocol !== 'any' && entry.protocol !== protocol) return [];
  if (!contains(entry.cidr, peer) && blockDoubt(entry, question) === undefined) return [];
  const { icmp, ports } = entry;
  if (icmp !== undefined && icmp.type !== -1 && icmp.type !== packet.ports.first) return [];
  if (icmp !== undefined && icmp.code !== -1 && icmp.code !== icmpCode(packet)) return [];
  if (ports === 'any') return open;
  return open.flatMap(({ first, last }) => {
    const part = { first: Math.max(first, ports.first), last: Math.min(last, ports.last) };
    return part.first <= part.last ? [part] : [];
  });
}

/** The ranges less those taken from them. */
const without = (open: readonly PortRange[], taken: readonly PortRange[]): readonly PortRange[] =>
  taken.reduce<readonly PortRange[]>(
    (left, cut) =>
      left.flatMap(({ first, last }) => {
        if (cut.last < first || cut.first > last) return [{ first, last }];
        const sides = [
          { first, last: cut.first - 1 },
          { first: cut.last + 1, last },
        ];
        return sides.filter((side) => side.first <= side.last);
      }),
    open,
  );

function allowed(entry: AclEntry, question: Question): Decision {
  const because = `rule ${entry.number} of ${question.acl.name} allows ${lineOf(entry, question)}`;
  return { kind: 'allowed', evidence: evidence(question, entry.number, because) };
}

function denied(entry: AclEntry, matched: readonly PortRange[], question: Question): Decision {
  const because = `rule ${entry.number} of ${question.acl.name} denies ${lineOf(entry, question)}${partly(matched, question)}`;
  return { kind: 'denied', evidence: evidence(question, entry.number, because) };
}

function byDefault(open: readonly PortRange[], question: Question): Decision {
  const { acl, direction, packet } = question;
  const way = direction === 'ingress' ? `in from ${packet.source}` : `out to ${packet.destination}`;
  const because = `no rule of ${acl.name} lets ${traffic(packet)} ${way}${partly(open, question)}, so its last line (*) denies it`;
  return { kind: 'denied', evidence: evidence(question, null, because) };
}

/** Says which ports fail where some of the range would pass. */
function partly(refused: readonly PortRange[], { packet }: Question): string {
  const [only] = refused;
  const whole =
    refused.length === 1 && only?.first === packet.ports.first && only.last === packet.ports.last;
  return whole || packet.protocol === 'ICMP'
    ? ''
    : ` (ports ${refused.map(formatPorts).join(', ')} of the range are refused)`;
}

function lineOf({ protocol, ports, cidr }: AclEntry, { direction, packet }: Question): string {
  const what = protocol === 'any' ? 'everything' : packet.protocol;
  const range = ports === 'any' ? '' : ` ${formatPorts(ports)}`;
  return `${what}${range} ${direction === 'ingress' ? 'from' : 'to'} ${formatCidr(cidr)}`;
}

const evidence = (
  { acl, direction }: Question,
  rule: number | null,
  because: string,
): Evidence => ({
  filter: 'network-acl',
  direction,
  object: acl.name,
  rule,
  because,
});
