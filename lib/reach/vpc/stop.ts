import type { Decision } from '../../model/explanation';
import { routeEvidence } from '../hops/evidence';
import { answerOf, hop } from '../hops/hop';
import { endSegment } from '../hops/segment';
import type { JudgedHop } from '../hops/types';
import type { VpcPacket, VpcPath } from './types';

/** Why a path ends at a device that no packet passes. */
export interface PathEnd {
  readonly device: string;
  /** The id of the device, where its name does not give it. */
  readonly id?: string;
  readonly kind: 'no-route' | 'denied' | 'unknown';
  /** What the evidence cites; `@default` the device. */
  readonly object?: string;
  readonly because: string;
}

/** A path that ends at a device, after the hops that the packet took before. */
export function endAt(
  { device, id, kind, object = device, because }: PathEnd,
  packet: VpcPacket,
  left: readonly JudgedHop[] = [],
): VpcPath {
  const decision: Decision = { kind, evidence: routeEvidence(object, because) };
  return {
    segments: [
      endSegment([...left, hop(device, [answerOf([decision])], id === undefined ? {} : { id })]),
    ],
    arrived: packet,
  };
}

/** A path that ends with its last hop. */
export const endAfter = (hops: readonly JudgedHop[], packet: VpcPacket): VpcPath => ({
  segments: [endSegment(hops)],
  arrived: packet,
});
