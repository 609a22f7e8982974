import type { NodePlacement, PodEndpoint } from './world';

/**
 * Is a pod on a branch interface in `strict` mode? Its packets meet its own security groups and
 * nothing of its node: no policy engine there sees them (EKS user guide, "Security groups for
 * Pods": only the security groups apply unless the enforcing mode is `standard`).
 */
export const isOnStrictBranch = (
  pod: Pick<PodEndpoint, 'securityGroups' | 'hostNetwork'>,
  placement: Pick<NodePlacement, 'podSecurityGroups'> | undefined,
): boolean =>
  pod.securityGroups !== undefined && !pod.hostNetwork && placement?.podSecurityGroups === 'strict';
