import type { Policy, Tier } from '../../model/policy';
import type { PolicyMode } from '../../model/policy-mode';
import type { Selector } from '../../model/selector';
import type { World } from '../../model/world';

/** Asked after every other tier. */
const TIER: Tier = {
  name: 'vpc-cni-strict-mode',
  order: Number.POSITIVE_INFINITY,
  defaultAction: 'deny',
};

/**
 * A world whose VPC CNI denies everything to a pod that no NetworkPolicy selects, in both directions; a pod that
 * one selects in one direction is open in the other (aws-network-policy-agent: policyendpoints_controller.go,
 * `DEFAULT_DENY` where there is no active policy of either direction).
 */
export function withPolicyMode(world: World, mode: PolicyMode): World {
  if (mode === 'standard') return world;
  const policy: Policy = {
    kind: 'VpcCniSetting',
    name: 'NETWORK_POLICY_ENFORCING_MODE',
    tier: TIER.name,
    order: 0,
    staged: 'no',
    subject: selectedByNone(world),
    hook: 'normal',
    ingress: [],
    egress: [],
    ...(mode !== 'strict' && { uncertain: `it depends on ${mode.unknown}` }),
  };
  return { ...world, tiers: [...world.tiers, TIER], policies: [...world.policies, policy] };
}

function selectedByNone({ policies }: World): Selector {
  const own = policies.filter(({ kind }) => kind === 'NetworkPolicy');
  const operands = own.map(({ subject }): Selector => ({ kind: 'not', operand: subject }));
  return operands.length === 0 ? { kind: 'all' } : { kind: 'and', operands };
}
