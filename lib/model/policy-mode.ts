import type { Unknown } from './vpc';

/**
 * What the VPC CNI lets pods without a NetworkPolicy do (`NETWORK_POLICY_ENFORCING_MODE`). `strict`: a pod is
 * denied everything until a NetworkPolicy selects it.
 */
export type PolicyMode = 'standard' | 'strict' | Unknown;
