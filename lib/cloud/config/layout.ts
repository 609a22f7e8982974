import { type Cidr, formatCidr, offsetIp } from '../../model/address';

/** The kinds of subnet in a lab's VPC, in the order their blocks lie. */
export type SubnetGroup = 'nodes' | 'public' | 'control-plane' | 'pods';

/** One group: the block that holds all of its subnets, and one subnet a zone. */
export interface GroupLayout {
  /** Holds only the group's subnets, so a rule may name the group by one block. */
  readonly block: Cidr;
  /** One a zone, in the order of the zones. */
  readonly subnets: readonly Cidr[];
}

export type Layout = Readonly<Record<SubnetGroup, GroupLayout>>;

/** Largest and smallest VPC this layout fits: smaller ones leave a load balancer no room. */
export const VPC_PREFIX = { min: 16, max: 23 } as const;
/** Largest and smallest block for pods: VPC CNI takes addresses by /28. */
export const POD_PREFIX = { min: 16, max: 24 } as const;

/**
 * Where the subnets lie. Half of the VPC is the nodes', a quarter the public subnets' and load
 * balancers', and the last quarter begins with the control plane's /28s (EKS: six free addresses
 * each, sixteen recommended); the rest of it stays free for learners. Every group keeps room for
 * four zones, so a third zone never moves the first two.
 *
 * ```
 * 10.0.0.0/16  |        nodes /17        |  public /18 |cp /26| free |
 * ```
 */
export function layOut(vpc: Cidr, pods: Cidr, zones: number): Layout {
  const half = split(vpc, 1);
  const quarters = split(vpc, 2);
  const controlPlane = { address: at(quarters, 3).address, prefix: 26 };
  const group = (block: Cidr): GroupLayout => ({ block, subnets: split(block, 2).slice(0, zones) });
  return {
    nodes: group(at(half, 0)),
    public: group(at(quarters, 2)),
    'control-plane': group(controlPlane),
    pods: group(pods),
  };
}

/** The group's subnets in the text CloudFormation takes. */
export const cidrsOf = (group: GroupLayout): readonly string[] => group.subnets.map(formatCidr);

/** A block cut into `2 ** bits` equal parts, in order. */
function split(block: Cidr, bits: number): readonly Cidr[] {
  const prefix = block.prefix + bits;
  const size = 2 ** (32 - prefix);
  return Array.from({ length: 2 ** bits }, (_, i) => ({
    address: offsetIp(block.address, i * size),
    prefix,
  }));
}

function at(blocks: readonly Cidr[], index: number): Cidr {
  const block = blocks[index];
  if (block === undefined) throw new RangeError(`no part ${index} of ${blocks.length}`);
  return block;
}
