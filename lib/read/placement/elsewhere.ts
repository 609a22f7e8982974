import { unknownId } from '../../model/unknown-id';
import type { NodeEndpoint, PodEndpoint } from '../../model/world';
import type { TemplateNodeGroup } from '../cloudformation/cluster';
import { metadataOfUnseen } from '../cloudformation/metadata';
import type { FargateProfile } from '../cloudformation/serverless-nodes';
import type { NodeSlot } from './slot';

/** What started a node, where that is no node group of a template: its label says it. */
export function starterOf({ labels }: NodeEndpoint): string | undefined {
  const pool = labels['karpenter.sh/nodepool'] ?? labels['karpenter.sh/provisioner-name'];
  if (pool !== undefined) return `Karpenter (node pool ${pool})`;
  const type = labels['eks.amazonaws.com/compute-type'];
  if (type === 'hybrid') return 'EKS Hybrid Nodes';
  if (type === 'fargate') return 'AWS Fargate';
  return type === 'auto' ? 'EKS Auto Mode' : undefined;
}

/** A node of a managed node group is of no other kind, and no other node is of it. */
export const isOfStarter = (node: NodeEndpoint, { kind }: TemplateNodeGroup): boolean =>
  starterOf(node) === undefined || kind !== 'managed';

/** A slot with the groups and metadata options of a node that something else started. */
export function startedBy(slot: NodeSlot, starter: string): NodeSlot {
  const what = `the security groups of a node that ${starter} started`;
  const group = {
    ...slot.group,
    securityGroups: [unknownId(what)],
    metadata: metadataOfUnseen(what),
  };
  return { ...slot, group };
}

/** The Fargate profile that selects a pod: one of its selectors has its namespace and all its labels. */
export const fargateFor = (
  { namespace, labels }: PodEndpoint,
  profiles: readonly FargateProfile[],
): FargateProfile | undefined =>
  profiles.find(({ selectors }) =>
    selectors.some(
      (one) =>
        matches(one.namespace, namespace) &&
        Object.entries(one.labels).every(([key, value]) => matches(value, labels[key])),
    ),
  );

/** Selectors of a profile may have `*` and `?` (EKS user guide: Fargate profile wildcards). */
function matches(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  const plain = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${plain.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(text);
}
