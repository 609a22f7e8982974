import { cidr, contains, familyOf } from '../model/address';
import type { Hop } from '../model/explanation';
import type { Vpc } from '../model/vpc';
import { arrive, ended, type Leaving, nowhere, type VpcPlace, type Way } from './vpc-arrive';
import { enter } from './vpc-enter';
import type { VpcIndex } from './vpc-index';
import { hop, inOrder, type Leg } from './vpc-leg';
import { translated } from './vpc-packet';

/** The last stretch, to an interface of a VPC. */
export function intoVpc(
  index: VpcIndex,
  vpc: Vpc,
  { from, packet, asked, between }: Leaving & { readonly between: readonly Hop[] },
): Way {
  const found = index.at(packet.destination);
  if (found === undefined || found.vpc.id !== vpc.id) {
    const because = `no interface of ${vpc.name} has ${packet.destination}`;
    return ended(asked, `vpc ${vpc.name}`, nowhere('no-route', vpc.name, because), packet);
  }
  return arrive(index, { from, to: { kind: 'interface', ...found }, packet, between }, asked);
}

/** To the other VPC of a peering. */
export function overPeering(index: VpcIndex, id: string, leaving: Leaving): Way {
  const { from, packet, asked } = leaving;
  const peering = from.vpc.peerings.find((p) => p.id === id);
  const otherId = peering?.requester === from.vpc.id ? peering.accepter : peering?.requester;
  const other = otherId === undefined ? undefined : index.vpc(otherId);
  const device = index.deviceName({ kind: 'peering', id });
  if (other === undefined) {
    const because = `the other VPC of ${device} is in no template`;
    return ended(asked, device, nowhere('unknown', device, because), packet);
  }
  const note = `joins ${from.vpc.name} and ${other.name}`;
  return intoVpc(index, other, { ...leaving, between: [{ device, decisions: [], note }] });
}

/** Through a NAT gateway, and on from its subnet. */
export function throughNat(
  index: VpcIndex,
  id: string,
  { from, packet, asked, onward }: Leaving,
): Way {
  const { vpc } = from;
  const nat = vpc.natGateways.find((gateway) => gateway.id === id);
  if (nat === undefined) {
    const device = index.deviceName({ kind: 'nat-gateway', id });
    const because = `${device} is in no template`;
    return ended(asked, device, nowhere('unknown', device, because), packet);
  }
  const subnet = vpc.subnets.find((s) => s.id === nat.subnet);
  const to: VpcPlace = { kind: 'nat', vpc, nat, ...(subnet && { subnet }) };
  const leg: Leg = { from, to, packet, between: [] };
  const outside =
    nat.publicIp === undefined || nat.publicIp === nat.privateIp
      ? ''
      : `, and ${nat.publicIp} on the internet`;
  const entered = inOrder(
    () => arrive(index, leg, asked).asked,
    () =>
      hop(`nat-gateway ${nat.name}`, [], {
        note: `source ${packet.source} becomes ${nat.privateIp}${outside}`,
        becomes: { source: nat.privateIp },
      }),
  );
  if (entered.verdict !== 'allowed') return { asked: entered, legs: [leg], arrived: packet };
  const on = onward(to, translated(packet, nat.privateIp));
  return {
    ...on,
    asked: inOrder(
      () => entered,
      () => on.asked,
    ),
    legs: [leg, ...on.legs],
  };
}

/** An internet gateway translates one to one, so what has no public address cannot pass it. */
export function throughGateway(index: VpcIndex, id: string, leaving: Leaving): Way {
  const { from, packet, asked } = leaving;
  const device = index.deviceName({ kind: 'internet-gateway', id });
  if (familyOf(packet.source) === 6)
    return intoInternet(index, leaving, [{ device, decisions: [] }]);
  const known = from.kind === 'interface' ? from.interface : undefined;
  const own =
    from.kind === 'nat'
      ? from.nat.publicIp
      : known?.addresses[0] === packet.source
        ? known.publicIp
        : undefined;
  if (own === undefined) {
    const because = `${packet.source} has no public address, and an internet gateway passes nothing else`;
    return ended(asked, device, nowhere('denied', device, because), packet);
  }
  const note = `source ${packet.source} becomes ${own}`;
  const becomes = { source: own };
  return intoInternet(index, leaving, [{ device, decisions: [], note, becomes }]);
}

/** Blocks that nobody routes on the internet (RFC 1918, RFC 6598, RFC 3927). */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
].map(cidr);

/** Out of the VPC; an address of ours that is public comes in again at its own gateway. */
export function intoInternet(
  index: VpcIndex,
  { from, packet, asked }: Leaving,
  gateways: readonly Hop[] = [],
): Way {
  if (PRIVATE.some((block) => contains(block, packet.destination))) {
    const device = gateways[0]?.device ?? 'internet';
    const because = `${packet.destination} is a private address, and the internet carries none`;
    return ended(asked, device, nowhere('denied', device, because), packet);
  }
  const public4 =
    from.kind === 'nat'
      ? from.nat.publicIp
      : from.kind === 'interface'
        ? from.interface.publicIp
        : undefined;
  const source = familyOf(packet.source) === 4 ? (public4 ?? packet.source) : packet.source;
  const leg: Leg = { from, to: { kind: 'internet' }, packet, between: gateways };
  const out = inOrder(
    () => asked,
    () => ({ hops: gateways, verdict: 'allowed', by: [] }),
  );
  const seen = { ...packet, source };
  if (index.public(packet.destination) === undefined)
    return { asked: out, legs: [leg], arrived: seen };
  const inward = enter(index, seen);
  return {
    ...inward,
    asked: inOrder(
      () => out,
      () => inward.asked,
    ),
    legs: [leg, ...inward.legs],
  };
}

/** To the service behind a gateway endpoint. */
export function toService(index: VpcIndex, id: string, { from, packet, asked }: Leaving): Way {
  const endpoint = from.vpc.endpoints.find((e) => e.id === id);
  if (endpoint?.kind !== 'gateway') {
    const device = index.deviceName({ kind: 'vpc-endpoint', id });
    const because = `what stands behind ${device} is in no template`;
    return ended(asked, device, nowhere('unknown', device, because), packet);
  }
  const device = index.deviceName({ kind: 'vpc-endpoint', id });
  const between = [{ device, decisions: [] }];
  const leg: Leg = { from, to: { kind: 'service' }, packet, between };
  return arrive(index, leg, asked);
}
