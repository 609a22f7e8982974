import type { Labels } from '../../model/selector';
import type { Subnet } from '../../model/vpc';
import type { TemplateNodeGroup } from '../cloudformation/cluster';

/** Where EKS would start one node. */
export interface NodeSlot {
  readonly name: string;
  readonly group: TemplateNodeGroup;
  readonly subnet: Subnet;
  /** What EKS and the node itself put on the Node object (EKS user guide, well-known labels). */
  readonly labels: Labels;
}
