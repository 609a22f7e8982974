import type { IpFamily } from '../../model/address';
import type { PortMatch, PortRange, Traffic } from '../../model/policy';
import type { World } from '../../model/world';
import { type AddressSide, ANY, atSockets, both, type Match, plain, type Socket } from './match';

/** Which packets by protocol and ports, as conditions of which one must hold. */
export function matchTraffic(
  world: World,
  family: IpFamily,
  traffic: 'any' | readonly Traffic[],
): readonly Match[] {
  if (traffic === 'any') return [ANY];
  return traffic.flatMap((one) => matchOne(world, family, one));
}

function matchOne(world: World, family: IpFamily, traffic: Traffic): readonly Match[] {
  const of = (side: AddressSide): PortQuestion => ({ family, side, protocol: traffic.protocol });
  return [
    matchProtocol(traffic),
    matchPorts(world, of('destination'), traffic.destinationPorts),
    matchNotPorts(world, of('destination'), traffic.notDestinationPorts ?? []),
    matchPorts(world, of('source'), traffic.sourcePorts),
    matchNotPorts(world, of('source'), traffic.notSourcePorts ?? []),
    matchIcmp(traffic),
    matchNotIcmp(traffic),
  ].reduce(both);
}

type ProtocolName = Traffic['protocol'];

/** Linux names them in lower case (`/etc/protocols`); a number stays a number. */
function protocolText(protocol: Exclude<ProtocolName, 'any'>): string {
  return protocol === 'ICMPv6' ? 'ipv6-icmp' : String(protocol).toLowerCase();
}

function matchProtocol({ protocol, notProtocol }: Traffic): readonly Match[] {
  const yes = protocol === 'any' ? ANY : plain(`meta l4proto ${protocolText(protocol)}`);
  if (notProtocol === undefined) return [yes];
  if (notProtocol === 'any') return [];
  return both([yes], [plain(`meta l4proto != ${protocolText(notProtocol)}`)]);
}

interface PortQuestion {
  readonly family: IpFamily;
  readonly side: AddressSide;
  readonly protocol: ProtocolName;
}

/** Protocols whose header starts with two ports. */
const WITH_PORTS = 'meta l4proto { tcp, udp, sctp, udplite }';

const namesOf = (ports: readonly PortMatch[]): readonly string[] =>
  ports.flatMap((port) => ('name' in port ? [port.name] : []));

const numbersOf = (ports: readonly PortMatch[]): readonly PortRange[] =>
  ports.flatMap((port) => ('name' in port ? [] : [port]));

const field = (side: AddressSide): string => (side === 'source' ? 'th sport' : 'th dport');

function matchPorts(
  world: World,
  question: PortQuestion,
  ports: 'any' | readonly PortMatch[],
): readonly Match[] {
  if (ports === 'any') return [ANY];
  const numbers = numbersOf(ports);
  const numeric =
    numbers.length === 0
      ? []
      : both(bearing(question), [plain(`${field(question.side)} ${portTexts(numbers)}`)]);
  return [
    ...numeric,
    ...atSockets(question.family, question.side, socketsNamed(world, question, ports)),
  ];
}

/** None of these ports: the packet has ports, and they are others. */
function matchNotPorts(
  world: World,
  question: PortQuestion,
  ports: readonly PortMatch[],
): readonly Match[] {
  if (ports.length === 0) return [ANY];
  const numbers = numbersOf(ports);
  const numeric =
    numbers.length === 0 ? ANY : plain(`${field(question.side)} != ${portTexts(numbers)}`);
  const sockets = socketsNamed(world, question, ports);
  return [
    bearing(question),
    [numeric],
    atSockets(question.family, question.side, sockets, 'not in'),
  ].reduce(both);
}

/** A port without a protocol would be read from any header: say that it has ports. */
const bearing = ({ protocol }: PortQuestion): readonly Match[] =>
  protocol === 'any' ? [plain(WITH_PORTS)] : [ANY];

/** Who gives the name to a port: each pod for itself, and only for the port's own protocol. */
function socketsNamed(
  world: World,
  { family, protocol }: PortQuestion,
  ports: readonly PortMatch[],
): readonly Socket[] {
  const names = new Set(namesOf(ports));
  if (names.size === 0) return [];
  return world.pods
    .filter((pod) => !pod.hostNetwork)
    .flatMap((pod) =>
      pod.ports
        .filter((port) => port.name !== undefined && names.has(port.name))
        .filter((port) => protocol === 'any' || protocol === port.protocol)
        .flatMap((port) =>
          pod.addresses
            .filter((address) => address.includes(':') === (family === 6))
            .map((address) => ({
              address,
              protocol: port.protocol.toLowerCase(),
              port: port.port,
            })),
        ),
    );
}

/** Ports as an nft expression; several as an anonymous set, merged so that none overlap. */
export function portTexts(ports: readonly PortRange[]): string {
  const texts = mergedPorts(ports).map(({ first, last }) =>
    first === last ? `${first}` : `${first}-${last}`,
  );
  return texts.length === 1 ? (texts[0] ?? '') : `{ ${texts.join(', ')} }`;
}

function mergedPorts(ports: readonly PortRange[]): readonly PortRange[] {
  const result: PortRange[] = [];
  for (const port of [...ports].sort((a, b) => a.first - b.first)) {
    const previous = result.at(-1);
    if (previous === undefined || port.first > previous.last + 1) result.push(port);
    else result[result.length - 1] = { ...previous, last: Math.max(previous.last, port.last) };
  }
  return result;
}

const icmpField = (protocol: ProtocolName): string => (protocol === 'ICMPv6' ? 'icmpv6' : 'icmp');

function matchIcmp({ protocol, icmp }: Traffic): readonly Match[] {
  if (icmp === undefined) return [ANY];
  const name = icmpField(protocol);
  const code = icmp.code === undefined ? '' : ` ${name} code ${icmp.code}`;
  return [plain(`${name} type ${icmp.type}${code}`)];
}

/** Another type, or the type with another code. */
function matchNotIcmp({ protocol, notIcmp }: Traffic): readonly Match[] {
  if (notIcmp === undefined) return [ANY];
  const name = icmpField(protocol);
  const otherType = plain(`${name} type != ${notIcmp.type}`);
  if (notIcmp.code === undefined) return [otherType];
  return [otherType, plain(`${name} type ${notIcmp.type} ${name} code != ${notIcmp.code}`)];
}
