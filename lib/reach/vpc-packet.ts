import { familyOf, type Ip } from '../model/address';
import type { Protocol } from '../model/flow';
import type { PortRange } from '../model/policy';

/**
 * A packet between two addresses, with every port it may carry: a filter without memory must let
 * all of a client's ports through, because nobody knows which one a connection gets.
 *
 * For ICMP the port fields hold types (EC2 keeps them in the same place): the request's type is
 * the destination port, the reply's type the source port, so that reversing works for all alike.
 */
export interface VpcPacket {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  readonly sourcePorts: PortRange;
  readonly ports: PortRange;
  /**
   * Who puts it on the wire with somebody else's source address: a network load balancer that
   * keeps its client's. Rules that name its groups match all the same.
   */
  readonly carrier?: Ip;
}

/** Ports that Linux takes for its own connections (ip_local_port_range, ip-sysctl). */
export const LINUX_PORTS: PortRange = { first: 32768, last: 60999 };

/**
 * Ports of whoever translates addresses or is a stranger: NAT gateways and load balancers (VPC user
 * guide, "Ephemeral ports"), the control plane, the internet, and nodes that hide their pods, since
 * the VPC CNI asks for random ports (AWS_VPC_K8S_CNI_RANDOMIZESNAT) and the kernel then takes any
 * unprivileged one (nf_nat_core: above 1023 for a port that was).
 */
export const ANY_CLIENT_PORTS: PortRange = { first: 1024, last: 65535 };

/** The first packet of a flow. */
export function firstPacket(
  ends: Pick<VpcPacket, 'source' | 'destination' | 'protocol'>,
  port: number | undefined,
  sourcePorts: PortRange,
): VpcPacket {
  if (ends.protocol !== 'ICMP') return { ...ends, sourcePorts, ports: only(port ?? 0) };
  // Echo request and echo reply (RFC 792; RFC 4443).
  const [request, reply] = familyOf(ends.destination) === 4 ? [8, 0] : [128, 129];
  return { ...ends, sourcePorts: only(reply), ports: only(request) };
}

/** The packet that answers. */
export const reversed = ({ carrier: _, ...packet }: VpcPacket): VpcPacket => ({
  ...packet,
  source: packet.destination,
  destination: packet.source,
  sourcePorts: packet.ports,
  ports: packet.sourcePorts,
});

/** The same packet behind another source address; who translates chooses the port as well. */
export const translated = (packet: VpcPacket, source: Ip): VpcPacket => ({
  ...packet,
  source,
  sourcePorts: packet.protocol === 'ICMP' ? packet.sourcePorts : ANY_CLIENT_PORTS,
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
