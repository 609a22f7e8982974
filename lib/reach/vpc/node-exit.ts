import { type Cidr, contains, familyOf } from '../../model/address';
import { UNPRIVILEGED_PORTS } from '../../model/ports';
import type { Unknown } from '../../model/vpc';
import { openHop } from '../hops/hop';
import type { JudgedHop } from '../hops/types';
import type { VpcIndex, VpcInterface, VpcPacket } from './types';

/** A packet as it leaves its node, by the interface it leaves by. */
export interface NodeExit {
  readonly from: VpcInterface;
  readonly packet: VpcPacket;
  /** The node, where it translates the source. */
  readonly through: readonly JudgedHop[];
}

/** The way in which a packet leaves its node; with another where it is not known which. */
export interface NodeExits {
  readonly exit: NodeExit;
  readonly other?: { readonly exit: NodeExit; readonly unknown: string };
}

/**
 * The VPC CNI translates the source of pods' packets to destinations outside the VPC's blocks to the
 * node's primary address (amazon-vpc-cni-k8s: SNAT, on unless AWS_VPC_K8S_CNI_EXTERNALSNAT, and not to
 * AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS), IPv4 only. Pods with security groups of their own keep their
 * address in `strict` mode.
 */
export function behindNode(index: VpcIndex, from: VpcInterface, packet: VpcPacket): NodeExits {
  const unchanged: NodeExit = { from, packet, through: [] };
  const { owner } = from.interface;
  if (owner.kind !== 'node' || familyOf(packet.source) === 6) return { exit: unchanged };
  const placement = index.placement(owner.node);
  const [primaryId] = placement?.interfaces ?? [];
  const primary = primaryId === undefined ? undefined : index.interface(primaryId);
  const address = primary?.interface.addresses[0];
  const untouched = [...from.vpc.cidrs, ...(placement?.snatExclusions ?? [])];
  const keeps = isIn(untouched, packet) || packet.source === address;
  const strict = owner.branch && placement?.podSecurityGroups === 'strict';
  const snat = placement?.snat ?? 'external';
  if (keeps || strict || primary === undefined || address === undefined || snat === 'external') {
    return { exit: unchanged };
  }
  const note = `source ${packet.source} becomes ${address}: the node hides its pods from what is outside the VPC`;
  const sourcePorts = packet.protocol === 'ICMP' ? packet.sourcePorts : UNPRIVILEGED_PORTS;
  const hidden: NodeExit = {
    from: primary,
    packet: { ...packet, source: address, sourcePorts },
    through: [openHop(`node ${owner.node}`, { note, becomes: { source: address } })],
  };
  if (snat === 'node') return { exit: hidden };
  return { exit: hidden, other: { exit: unchanged, unknown: doubt(owner.node, snat) } };
}

const isIn = (blocks: readonly Cidr[], { destination }: VpcPacket): boolean =>
  blocks.some((block) => contains(block, destination));

const doubt = (node: string, { unknown }: Unknown): string =>
  `whether node ${node} translates its pods' addresses is not known (${unknown}), and the verdict depends on it: give the vpc-cni add-on or the DaemonSet aws-node`;
