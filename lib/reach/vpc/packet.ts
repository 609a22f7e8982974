import { familyOf, type Ip } from '../../model/address';
import { ECHO_REQUEST, replyType } from '../../model/icmp';
import type { PortRange } from '../../model/policy';
import { UNPRIVILEGED_PORTS } from '../../model/ports';
import type { VpcPacket } from './types';

/** The first packet of a flow. */
export function firstPacket(
  ends: Pick<VpcPacket, 'source' | 'destination' | 'protocol' | 'icmp'>,
  port: number | undefined,
  sourcePorts: PortRange,
): VpcPacket {
  if (ends.protocol !== 'ICMP') return { ...ends, sourcePorts, ports: only(port ?? 0) };
  const family = familyOf(ends.destination);
  const message = ends.icmp ?? ECHO_REQUEST[family];
  const reply = replyType(message, family) ?? NO_REPLY;
  return { ...ends, sourcePorts: only(reply), ports: only(message.type) };
}

/** Stands for the type of a reply that is never sent: an ICMP error has none (RFC 1122, 3.2.2). */
const NO_REPLY = -1;

/** Whether a packet stands for a reply that is never sent. */
export const isNeverSent = ({ protocol, ports }: VpcPacket): boolean =>
  protocol === 'ICMP' && ports.first === NO_REPLY;

/** The ICMP code of a packet; replies have 0. */
export const icmpCode = ({ icmp }: VpcPacket): number => icmp?.code ?? 0;

/** The packet that answers. */
export const reversed = ({ carrier: _, icmp: __, ...packet }: VpcPacket): VpcPacket => ({
  ...packet,
  source: packet.destination,
  destination: packet.source,
  sourcePorts: packet.ports,
  ports: packet.sourcePorts,
});

/** The same packet with another source address; the device that translates also chooses the port. */
export const translated = (packet: VpcPacket, source: Ip): VpcPacket => ({
  ...packet,
  source,
  sourcePorts: packet.protocol === 'ICMP' ? packet.sourcePorts : UNPRIVILEGED_PORTS,
});

/** Protocol number (IANA), as EC2's rules name it. */
export function protocolNumber({ protocol, destination }: VpcPacket): number {
  switch (protocol) {
    case 'TCP':
      return 6;
    case 'UDP':
      return 17;
    case 'SCTP':
      return 132;
    case 'ICMP':
      return familyOf(destination) === 4 ? 1 : 58;
  }
}

/** The packet's traffic in words: `TCP 443`, `TCP 1024-65535`, `ICMP type 8`. */
export const traffic = ({ protocol, ports }: VpcPacket): string =>
  protocol === 'ICMP' ? `ICMP type ${ports.first}` : `${protocol} ${formatPorts(ports)}`;

export const formatPorts = ({ first, last }: PortRange): string =>
  first === last ? String(first) : `${first}-${last}`;

const only = (port: number): PortRange => ({ first: port, last: port });
