import { familyOf, formatCidr, type Ip, ipFromBits, rangeOf } from '../model/address';
import type { Finding } from '../model/finding';
import type { Direction, Protocol } from '../model/flow';
import { EPHEMERAL_PORTS } from '../model/ports';
import type { AclEntry, NetworkAcl, Subnet, Vpc } from '../model/vpc';
import { refusesSome } from '../reach/vpc/network-acl';
import type { PreparedWorld } from './prepared';

/**
 * Network ACLs that let a connection's packets through one way only. An ACL keeps no state: what a
 * client sends from an ephemeral port comes back to it (VPC user guide: ephemeral ports).
 */
export const checkAcls = ({ world }: PreparedWorld): readonly Finding[] =>
  world.vpcs.flatMap((vpc) =>
    vpc.networkAcls.flatMap((acl) => {
      const subnet = vpc.subnets.find(({ networkAcl }) => networkAcl === acl.id);
      return subnet === undefined ? [] : checkAcl(acl, subnet, vpc);
    }),
  );

function checkAcl(acl: NetworkAcl, subnet: Subnet, vpc: Vpc): readonly Finding[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const shut = acl[direction].filter((entry) => isService(entry) && !answered(entry, direction));
    return shut.map((entry) => finding(entry, direction));
  });

  function answered(entry: AclEntry, direction: Direction): boolean {
    const own = firstHost(subnet.cidrs[0] ?? entry.cidr);
    const peer = firstHost(entry.cidr);
    if (familyOf(own) !== familyOf(peer) || entry.ports === 'any') return true;
    const back = direction === 'ingress' ? 'egress' : 'ingress';
    const ends =
      direction === 'ingress'
        ? { source: own, destination: peer }
        : { source: peer, destination: own };
    const protocol: Protocol = entry.protocol === 17 ? 'UDP' : 'TCP';
    const packet = { ...ends, protocol, sourcePorts: entry.ports, ports: EPHEMERAL_PORTS };
    return !refusesSome(acl, back, packet);
  }

  function finding(entry: AclEntry, direction: Direction): Finding {
    const ports = entry.ports === 'any' ? '' : ` ${entry.ports.first}-${entry.ports.last}`;
    const [way, back] = direction === 'ingress' ? ['in from', 'to'] : ['out to', 'from'];
    const block = formatCidr(entry.cidr);
    return {
      code: 'acl-without-return',
      severity: 'error',
      object: `network ACL ${acl.name} of ${vpc.name}`,
      rule: { direction, index: entry.number },
      why: `it allows ${entry.protocol === 17 ? 'UDP' : 'TCP'}${ports} ${way} ${block}, and the replies ${back} ephemeral ports (${EPHEMERAL_PORTS.first} to ${EPHEMERAL_PORTS.last}) are denied`,
      fix: `add ${direction === 'ingress' ? 'an outbound' : 'an inbound'} rule that allows ports 1024-65535 ${direction === 'ingress' ? 'to' : 'from'} ${block}`,
    };
  }
}

/** A rule for a service: TCP or UDP, a few ports, none of them the clients' own. */
const isService = ({ action, protocol, ports, unknown }: AclEntry): boolean =>
  action === 'allow' &&
  unknown === undefined &&
  (protocol === 6 || protocol === 17) &&
  ports !== 'any' &&
  ports.last < EPHEMERAL_PORTS.first;

/** An address in the block; in 0.0.0.0/0, one on the internet. */
function firstHost(block: AclEntry['cidr']): Ip {
  const [first, last] = rangeOf(block);
  if (block.prefix === 0 && familyOf(block.address) === 4) return ipFromBits(0xcb_00_71_0an, 4);
  return ipFromBits(first < last ? first + 1n : first, familyOf(block.address));
}
