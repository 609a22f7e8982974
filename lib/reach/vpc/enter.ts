import { contains, familyOf, PRIVATE_BLOCKS } from '../../model/address';
import { isUnknownId, unknownIdText } from '../../model/unknown-id';
import type { Route, Vpc } from '../../model/vpc';
import { openHop } from '../hops/hop';
import { inwardBlock } from './public-access';
import { askTable } from './route-table';
import { segmentOver } from './segment';
import { endAt, type PathEnd } from './stop';
import type { VpcIndex, VpcInterface, VpcPacket, VpcPath } from './types';

/** The path of a packet that comes from outside every VPC. */
export function enter(index: VpcIndex, packet: VpcPacket): VpcPath {
  const known = index.public(packet.destination);
  const [direct] = familyOf(packet.destination) === 6 ? index.everywhere(packet.destination) : [];
  const found = known ?? direct;
  if (found === undefined) return unreachable(index, packet);
  const { internetGateway: gateway } = found.vpc;
  if (gateway === undefined) return unreachable(index, packet);
  const [own] = found.interface.addresses;
  const arrived =
    known === undefined || own === undefined ? packet : { ...packet, destination: own };
  const { destination } = arrived;
  const note = `destination ${packet.destination} becomes ${destination}`;
  const device = index.deviceName({ kind: 'internet-gateway', id: gateway });
  const id = index.deviceId({ kind: 'internet-gateway', id: gateway });
  const shut = atGateway(index, found, { device, packet: arrived });
  if (shut !== undefined) return endAt({ ...shut, device, id }, packet);
  const through = openHop(
    device,
    known === undefined ? { id } : { id, note, becomes: { destination } },
  );
  const stretch = {
    from: { kind: 'internet' },
    to: { kind: 'interface', ...found },
    packet: arrived,
    between: [through],
  } as const;
  return { segments: [segmentOver(index, stretch, [])], arrived };
}

/** Why a packet from the internet does not get past the gateway to an interface. */
function atGateway(
  index: VpcIndex,
  { vpc }: VpcInterface,
  { device, packet }: { readonly device: string; readonly packet: VpcPacket },
): Omit<PathEnd, 'device'> | undefined {
  const { internetGateway: gateway = '', edgeTables = [] } = vpc;
  if (isUnknownId(gateway)) {
    const because = `whether ${vpc.name} has an internet gateway depends on ${unknownIdText(gateway)}`;
    return { kind: 'unknown', because };
  }
  const block = inwardBlock(vpc, device);
  const [edge] = edgeTables;
  if (block !== undefined || edge === undefined) return block;
  const table = vpc.routeTables.find(({ id }) => id === edge.routeTable);
  if (table === undefined) {
    const what = unknownIdText(edge.routeTable);
    return { kind: 'unknown', because: `the route table of ${device} is not known: ${what}` };
  }
  const { target, decision } = askTable(index, table, packet.destination);
  if (target?.kind === 'local') return undefined;
  const { because } = decision.evidence;
  return {
    kind: 'unknown',
    object: table.name,
    because: `${because} first: what that does is in no template`,
  };
}

/**
 * Private addresses are not reachable from outside, unless the VPC has a route back to something whose
 * other side is in no template: a VPN, an appliance, another account's VPC.
 */
function unreachable(index: VpcIndex, packet: VpcPacket): VpcPath {
  const [placed] = index.everywhere(packet.destination);
  const doubt = placed?.interface.publicUnknown;
  if (doubt !== undefined && !PRIVATE_BLOCKS.some((block) => contains(block, packet.source))) {
    const because = `whether ${placed?.interface.id} has a public address depends on ${doubt}`;
    return endAt({ device: 'internet', kind: 'unknown', because }, packet);
  }
  const vpc = index.holding(packet.destination);
  const back = vpc === undefined ? undefined : wayOutside(index, vpc, packet);
  if (back !== undefined) {
    const because = `${packet.source} may lie behind ${back}, whose other side is in no template`;
    const object = vpc?.name ?? 'vpc';
    return endAt({ device: back, kind: 'unknown', object, because }, packet);
  }
  const because = `${packet.destination} is a private address of ${vpc?.name ?? 'no VPC'}: nothing outside has a route to it`;
  return endAt({ device: 'internet', kind: 'no-route', because }, packet);
}

/** The device behind which a caller may be: some route of the VPC leads replies there. */
function wayOutside(index: VpcIndex, vpc: Vpc, { source }: VpcPacket): string | undefined {
  const routes = vpc.routeTables.flatMap((table) => table.routes);
  const found = routes.find((route) => leadsTo(index, route, source) && isOpen(index, vpc, route));
  if (found === undefined) return undefined;
  const { target } = found;
  if (target.kind === 'unknown') return target.what;
  return 'id' in target ? index.deviceName(target) : undefined;
}

/** May a route hold an address? A list or block that is not known may. */
const leadsTo = (
  index: VpcIndex,
  { destination }: Route,
  address: VpcPacket['source'],
): boolean => {
  if ('address' in destination) return contains(destination, address);
  const list = index.prefixList(destination.prefixList);
  return list === undefined || list.cidrs.some((block) => contains(block, address));
};

/** Is the other side of a route's target in no template? */
function isOpen(index: VpcIndex, vpc: Vpc, { target }: Route): boolean {
  switch (target.kind) {
    case 'transit-gateway':
    case 'network-interface':
    case 'unknown':
      return true;
    case 'vpc-endpoint':
      return !vpc.endpoints.some(({ id }) => id === target.id);
    case 'peering': {
      const peering = vpc.peerings.find(({ id }) => id === target.id);
      const other = peering?.requester === vpc.id ? peering.accepter : peering?.requester;
      return other === undefined || index.vpc(other) === undefined;
    }
    default:
      return false;
  }
}
