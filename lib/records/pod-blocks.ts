import { type Cidr, contains, familyOf, formatCidr, type Ip, networkOf } from '../model/address';
import { uniqueBy } from '../model/unique';
import type { World } from '../model/world';

/** Leading bits of a block that pods around one address are taken to be in, by family. */
const AROUND = { 4: 24, 6: 64 } as const;

/** The block around a pod's address that other pods have theirs from, where no subnet is known. */
export function podBlock(address: Ip): Cidr {
  const prefix = AROUND[familyOf(address)];
  return { address: networkOf(address, prefix), prefix };
}

/**
 * Blocks that pods and nodes get addresses from: the subnets of a template that have nodes, else the
 * block around each known address. An address there that no manifest has was, or will be, a pod's.
 */
export function podBlocks({ pods, nodes, finishedPods = [], vpcs }: World): readonly Cidr[] {
  const known = [
    ...[...pods, ...nodes].filter(({ assumedAddress }) => assumedAddress !== true),
    ...finishedPods,
  ].flatMap(({ addresses }) => addresses);
  const subnets = vpcs.flatMap((vpc) => vpc.subnets).flatMap(({ cidrs }) => cidrs);
  const blocks = known.map(
    (address) => subnets.find((block) => contains(block, address)) ?? podBlock(address),
  );
  return uniqueBy(blocks, formatCidr);
}
