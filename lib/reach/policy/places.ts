import type { Protocol } from '../../model/flow';
import type { Destination, Packet, Party } from '../ends/types';
import type { JudgedEnds } from './rows';

/** The numbers of a packet's ends in a universe. */
export interface PacketPlace {
  readonly source: number;
  readonly target: number;
}

const PROTOCOLS = { TCP: 0, UDP: 1, SCTP: 2, ICMP: 3 } as const satisfies Record<Protocol, number>;

/** Number of a protocol and port; ports are 0 (none) to 65535. */
const portKey = ({ protocol, port = 0 }: Pick<Destination, 'protocol' | 'port'>): number =>
  PROTOCOLS[protocol] * 0x10000 + port;

/**
 * Finds the ends of packets by who they are. A reply, whose source port is known, and an ICMP message other
 * than an echo request are never found: rules match them otherwise.
 */
export function createPlaces({
  sources,
  targets,
}: JudgedEnds): (packet: Packet) => PacketPlace | undefined {
  const senders = new Map<Party, number>(sources.map((party, number) => [party, number]));
  const receivers = new Map<Party, Map<number, number>>();
  targets.forEach((target, number) => {
    const ports = receivers.get(target.party) ?? new Map<number, number>();
    receivers.set(target.party, ports.set(portKey(target), number));
  });
  return ({ source, target, sourcePort }) => {
    if (sourcePort !== undefined || target.message !== undefined || target.icmp !== undefined)
      return undefined;
    const from = senders.get(source);
    const to = receivers.get(target.party)?.get(portKey(target));
    return from === undefined || to === undefined ? undefined : { source: from, target: to };
  };
}
