import type { Decision } from '../model/explanation';
import type { Vpc } from '../model/vpc';
import type { VpcIndex } from './vpc-index';
import {
  type Asked,
  atInterface,
  hop,
  inOrder,
  intoSubnet,
  type Leg,
  PASSED,
  type Place,
  subnetOf,
} from './vpc-leg';
import type { VpcPacket } from './vpc-packet';

/** A place inside a VPC. */
export type VpcPlace = Place & { readonly vpc: Vpc };

/** How far a packet came, over which legs, and as what it arrived. */
export interface Way {
  readonly asked: Asked;
  readonly legs: readonly Leg[];
  readonly arrived: VpcPacket;
}

/** A packet that is on its way out of a place. */
export interface Leaving {
  readonly from: VpcPlace;
  readonly packet: VpcPacket;
  /** What its own subnet and interface said. */
  readonly asked: Asked;
  /** How it goes on from another place in the VPC. */
  readonly onward: (from: VpcPlace, packet: VpcPacket) => Way;
}

/** Network ACL and security group at the far end of a leg. */
export function arrive(index: VpcIndex, leg: Leg, before: Asked): Way {
  const { from, to, packet, between } = leg;
  const sameSubnet = subnetOf(from) !== undefined && subnetOf(from)?.id === subnetOf(to)?.id;
  const asked = inOrder(
    () => before,
    () => ({ hops: between, verdict: 'allowed', by: [] }),
    () => (sameSubnet ? PASSED : intoSubnet(index, to, packet)),
    () => atInterface(index, to, { direction: 'ingress', packet }),
    () => throughClosedDoor(to),
  );
  return { asked, legs: [leg], arrived: packet };
}

/** A NAT gateway carries replies to what it let out; a connection to itself it never answers. */
function throughClosedDoor(to: Place): Asked {
  if (to.kind !== 'interface' || to.interface.owner.kind !== 'nat-gateway') return PASSED;
  const object = to.interface.id;
  const because = 'a NAT gateway lets no connection in: it only carries replies';
  const evidence = { filter: 'route', direction: 'ingress', object, rule: null, because } as const;
  return hop(`nat-gateway ${object}`, [{ kind: 'denied', evidence }]);
}

/** A way that ends at a device, with the reason. */
export const ended = (
  before: Asked,
  device: string,
  decision: Decision,
  packet: VpcPacket,
): Way => ({
  asked: inOrder(
    () => before,
    () => hop(device, [decision]),
  ),
  legs: [],
  arrived: packet,
});

/** The decision of what has no filter and lets nothing on. */
export const nowhere = (
  kind: 'no-route' | 'denied' | 'unknown',
  object: string,
  because: string,
): Decision => ({
  kind,
  evidence: { filter: 'route', direction: 'egress', object, rule: null, because },
});
