import type { Ip } from '../../model/address';
import { direct } from './delivery';
import type { Routing, ServiceCall } from './types';

const DNS_PORT = 53;

/**
 * A call to NodeLocal DNSCache: each node holds the cache's addresses on an interface of its own, and
 * its rules in table raw keep kube-proxy from translating packets to them (NodeLocal DNSCache in
 * iptables mode, also with the address of kube-dns). So policy sees the address that was called, and
 * the packet stays on the caller's node. `undefined` where the call is no such one.
 */
export function atNodeDns(
  addresses: readonly Ip[],
  { directory, from, protocol, port }: ServiceCall,
): Routing | undefined {
  const { world, at } = directory;
  const cached = world.nodeDns?.addresses ?? [];
  const isDns = (port === DNS_PORT || isDnsName(port)) && /^(TCP|UDP)$/.test(protocol);
  if (!isDns) return undefined;
  const packets = addresses
    .filter((address) => cached.includes(address))
    .flatMap((address) => {
      const party = at(address);
      const source = from.find(({ family, node }) => family === party.family && node !== undefined);
      if (source?.node === undefined) return [];
      const local = { ...party, node: source.node, isOnEveryNode: true as const };
      return [{ source, target: { party: local, protocol, port: DNS_PORT } }];
    });
  const [packet] = packets;
  return packet === undefined ? undefined : { kind: 'delivered', deliveries: [direct(packet)] };
}

/** Names of the ports of kube-dns. */
const isDnsName = (port: ServiceCall['port']): boolean => port === 'dns' || port === 'dns-tcp';
