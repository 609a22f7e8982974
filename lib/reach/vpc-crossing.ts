import type { Ip } from '../model/address';
import type { Packet } from './judge';
import type { Segment, Station } from './station';
import type { Crossing, Fabric } from './vpc';

/** The VPC's part of a way, and the source address that comes out of it. */
export interface Crossed {
  readonly segments: readonly Segment[];
  readonly source: Ip;
}

/** Sends a packet over the VPC; without one, nodes and the outside are one hop apart. */
export function cross(fabric: Fabric | undefined, { source, target, carrier }: Packet): Crossed {
  if (fabric === undefined) return { segments: [], source: source.address };
  const { party, protocol, port } = target;
  const destination = party.address;
  const forward = fabric.forward({
    ...{ source: source.address, destination, protocol, port },
    ...(carrier === undefined ? {} : { carrier }),
  });
  const segment: Segment = {
    forward: stationsOf(forward),
    back: () => stationsOf(fabric.back(forward)),
  };
  return { segments: [segment], source: forward.source };
}

/** A crossing's hops; what decided it stands with the last one. */
function stationsOf({ verdict, by, hops }: Crossing): readonly Station[] {
  const answers = [{ verdict, by }];
  if (hops.length === 0 && verdict !== 'allowed')
    return [{ device: 'vpc', decisions: [], answers }];
  return hops.map((hop, i) => ({ ...hop, answers: i === hops.length - 1 ? answers : [] }));
}
