import type { PortMatch, PortRange, Traffic } from '../../model/policy';
import { EPHEMERAL_PORTS } from '../../model/ports';
import type { Destination, Party } from '../ends/types';

/** Protocol numbers of the names that rules use (IANA). */
const NUMBER = { TCP: 6, UDP: 17, SCTP: 132, ICMP: 1, ICMPv6: 58, UDPLite: 136 } as const;

/** Types and codes of messages, in ICMP (RFC 792) and ICMPv6 (RFC 4443). */
const MESSAGES = {
  'echo-request': { 4: { type: 8, code: 0 }, 6: { type: 128, code: 0 } },
  'echo-reply': { 4: { type: 0, code: 0 }, 6: { type: 129, code: 0 } },
  'port-unreachable': { 4: { type: 3, code: 3 }, 6: { type: 1, code: 4 } },
} as const;

const protocolOf = (target: Destination): number =>
  target.protocol === 'ICMP' && target.party.family === 6 ? NUMBER.ICMPv6 : NUMBER[target.protocol];

const numberOf = (protocol: Exclude<Traffic['protocol'], 'any'>): number =>
  typeof protocol === 'number' ? protocol : NUMBER[protocol];

/** Does this line of a rule match what goes to the target? Source ports are asked apart. */
export function matchesTraffic(traffic: Traffic, target: Destination): boolean {
  const { protocol, notProtocol, destinationPorts, notDestinationPorts } = traffic;
  const number = protocolOf(target);
  if (protocol !== 'any' && numberOf(protocol) !== number) return false;
  if (notProtocol === 'any' || (notProtocol !== undefined && numberOf(notProtocol) === number))
    return false;
  if (destinationPorts !== 'any' && !hasPort(destinationPorts, target)) return false;
  if (notDestinationPorts !== undefined && hasPort(notDestinationPorts, target)) return false;
  return matchesIcmp(traffic, target);
}

function matchesIcmp({ icmp, notIcmp }: Traffic, target: Destination): boolean {
  if (icmp === undefined && notIcmp === undefined) return true;
  const { type, code } =
    target.icmp ?? MESSAGES[target.message ?? 'echo-request'][target.party.family];
  const is = (wanted: { readonly type: number; readonly code?: number }): boolean =>
    target.protocol === 'ICMP' &&
    wanted.type === type &&
    (wanted.code === undefined || wanted.code === code);
  return (icmp === undefined || is(icmp)) && (notIcmp === undefined || !is(notIcmp));
}

/** A named port is the destination's own: same name, same protocol, in one of its containers. */
const hasPort = (ports: readonly PortMatch[], { party, protocol, port }: Destination): boolean =>
  port !== undefined &&
  ports.some((match) =>
    'name' in match
      ? party.ports.some((p) => p.name === match.name && p.protocol === protocol && p.port === port)
      : match.first <= port && port <= match.last,
  );

/**
 * Does the source's port match? Where it is not known it is whatever the client's kernel took, so
 * a list that holds only some of the ephemeral ports matches `perhaps`.
 */
export function matchesSourcePort(
  traffic: Traffic,
  party: Party,
  known: number | undefined,
): 'sure' | 'perhaps' | 'no' {
  const { sourcePorts, notSourcePorts } = traffic;
  const range = known === undefined ? EPHEMERAL_PORTS : { first: known, last: known };
  const wanted = sourcePorts === 'any' ? 'sure' : coverage(sourcePorts, party, range);
  const unwanted = notSourcePorts === undefined ? 'no' : coverage(notSourcePorts, party, range);
  if (wanted === 'no' || unwanted === 'sure') return 'no';
  return wanted === 'sure' && unwanted === 'no' ? 'sure' : 'perhaps';
}

/** Do the ports hold all of a range, some of it, or none? */
function coverage(
  ports: readonly PortMatch[],
  party: Party,
  range: PortRange,
): 'sure' | 'perhaps' | 'no' {
  const ranges = ports.flatMap((match) =>
    'name' in match
      ? party.ports
          .filter(({ name }) => name === match.name)
          .map(({ port }): PortRange => ({ first: port, last: port }))
      : [match],
  );
  if (ranges.some((r) => r.first <= range.first && range.last <= r.last)) return 'sure';
  return ranges.some((r) => r.first <= range.last && range.first <= r.last) ? 'perhaps' : 'no';
}
