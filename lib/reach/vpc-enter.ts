import { contains, familyOf } from '../model/address';
import { arrive, ended, nowhere, type Way } from './vpc-arrive';
import type { VpcIndex } from './vpc-index';
import { PASSED } from './vpc-leg';
import type { VpcPacket } from './vpc-packet';

/** The way of a packet that comes from outside every VPC. */
export function enter(index: VpcIndex, packet: VpcPacket): Way {
  const known = index.public(packet.destination);
  const direct = familyOf(packet.destination) === 6 ? index.at(packet.destination) : undefined;
  const found = known ?? direct;
  if (found === undefined) return unreachable(index, packet);
  const [own] = found.interface.addresses;
  const inside =
    known === undefined || own === undefined ? packet : { ...packet, destination: own };
  const gateway = found.vpc.internetGateway;
  if (gateway === undefined) return unreachable(index, packet);
  const note = `destination ${packet.destination} becomes ${inside.destination}`;
  const between = [
    {
      device: index.deviceName({ kind: 'internet-gateway', id: gateway }),
      decisions: [],
      ...(known && { note, becomes: { destination: inside.destination } }),
    },
  ];
  return arrive(
    index,
    { from: { kind: 'internet' }, to: { kind: 'interface', ...found }, packet: inside, between },
    PASSED,
  );
}

/** From outside, private addresses are nobody's; a VPC that routes back over a VPN may differ. */
function unreachable(index: VpcIndex, packet: VpcPacket): Way {
  const vpc = index.holding(packet.destination);
  const tables = vpc?.routeTables ?? [];
  const back = tables
    .flatMap(({ routes }) => routes)
    .find(
      ({ destination, target }) =>
        target.kind === 'transit-gateway' &&
        'address' in destination &&
        contains(destination, packet.source),
    );
  if (back !== undefined) {
    const because = `${packet.source} lies behind a transit gateway, which is in no template`;
    return ended(
      PASSED,
      'transit-gateway',
      nowhere('unknown', vpc?.name ?? 'vpc', because),
      packet,
    );
  }
  const because = `${packet.destination} is a private address of ${vpc?.name ?? 'no VPC'}: nothing outside has a route to it`;
  return ended(PASSED, 'internet', nowhere('no-route', 'internet', because), packet);
}
