import { contains, formatCidr } from '../model/address';
import type { Decision, Evidence } from '../model/explanation';
import type { Direction } from '../model/flow';
import type { PortRange } from '../model/policy';
import type { AclEntry, NetworkAcl } from '../model/vpc';
import { formatPorts, protocolNumber, traffic, type VpcPacket } from './vpc-packet';

/**
 * What a network ACL says of a packet: entries by ascending number, the first that matches decides,
 * `*` denies the rest (VPC user guide, "Network ACL rules"). A range of ports must pass as a whole,
 * so several entries may each admit a part; the first part refused refuses it.
 */
export function askAcl(
  acl: NetworkAcl,
  direction: Direction,
  packet: VpcPacket,
): readonly Decision[] {
  return decide(acl[direction], [packet.ports], { acl, direction, packet });
}

interface Question {
  readonly acl: NetworkAcl;
  readonly direction: Direction;
  readonly packet: VpcPacket;
}

function decide(
  entries: readonly AclEntry[],
  open: readonly PortRange[],
  question: Question,
): readonly Decision[] {
  if (open.length === 0) return [];
  const at = entries.findIndex((entry) => parts(entry, open, question).length > 0);
  const entry = entries[at];
  if (entry === undefined) return [byDefault(open, question)];
  const rest = entries.slice(at + 1);
  const matched = parts(entry, open, question);
  if (entry.unknown !== undefined) return doubted(entry, decide(rest, open, question), question);
  if (entry.action === 'deny') return [denied(entry, matched, question)];
  return [allowed(entry, question), ...decide(rest, without(open, matched), question)];
}

/** An entry not known yet decides nothing where what follows says the same as it would. */
function doubted(
  entry: AclEntry,
  rest: readonly Decision[],
  question: Question,
): readonly Decision[] {
  const passes = rest.every(({ kind }) => kind === 'allowed');
  if (passes === (entry.action === 'allow') && rest.every(({ kind }) => kind !== 'unknown'))
    return rest;
  const because = `rule ${entry.number} of ${question.acl.name} depends on ${entry.unknown}, known only after deployment`;
  return [{ kind: 'unknown', evidence: evidence(question, entry.number, because) }];
}

/** The parts of the open port ranges that an entry matches. */
function parts(
  entry: AclEntry,
  open: readonly PortRange[],
  { direction, packet }: Question,
): readonly PortRange[] {
  const peer = direction === 'ingress' ? packet.source : packet.destination;
  const protocol = protocolNumber(packet);
  if (entry.protocol !== 'any' && entry.protocol !== protocol) return [];
  if (!contains(entry.cidr, peer)) return [];
  const { icmp, ports } = entry;
  if (icmp !== undefined && icmp.type !== -1 && icmp.type !== packet.ports.first) return [];
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
