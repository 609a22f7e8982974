import { isUnknownId } from '../../model/unknown-id';
import type { PathEnd } from './stop';
import type { VpcIndex, VpcInterface, VpcSending } from './types';

/**
 * Why a node does not reach a pod of its own by TCP: the pod has a branch interface in `strict` mode, and
 * the node's kernel takes its answers for packets to a socket of its own before it routes them
 * (amazon-vpc-cni-k8s README: DISABLE_TCP_EARLY_DEMUX, which the kubelet's probes of such pods need).
 */
export function lostToEarlyDemux(
  index: VpcIndex,
  from: VpcInterface,
  { to, sending }: { readonly to: VpcInterface; readonly sending: VpcSending },
): PathEnd | undefined {
  const [own, other] = [from.interface.owner, to.interface.owner];
  if (own.kind !== 'node' || other.kind !== 'node' || sending.protocol !== 'TCP') return undefined;
  if (own.node !== other.node || own.branch || !other.branch) return undefined;
  // Whose groups are not known may have no branch interface at all.
  if (to.interface.securityGroups.some(isUnknownId)) return undefined;
  const placement = index.placement(own.node);
  const isNode = from.interface.addresses[0] === sending.source;
  const isLost = isNode && placement?.podSecurityGroups === 'strict' && placement.earlyDemux;
  if (!isLost) return undefined;
  const because =
    'the pod has a branch interface (strict mode), and without DISABLE_TCP_EARLY_DEMUX=true on the VPC CNI’s init container its node cannot connect to it by TCP';
  return { device: `node ${own.node}`, kind: 'denied', because };
}
