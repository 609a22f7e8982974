import { isOnStrictBranch } from '../../model/branch';
import type { Direction } from '../../model/flow';
import type { Isolation, IsolationKind } from '../../model/isolation';
import { lazyTable } from '../../model/lazy';
import { policyName } from '../../model/policy';
import { type OrderedTier, orderTiers, type StagedMode } from '../../model/policy-order';
import type { Labels } from '../../model/selector';
import type { World } from '../../model/world';
import { tiersFor, WORKLOAD_HOOKS } from '../policy/subjects';

/** What the policies that select a pod come to. */
type Selected = Pick<Isolation, 'kind' | 'by'>;

/**
 * Which pods policies isolate, in which direction, and which policies those are: two entries a pod.
 * A pod is isolated where a tier that denies by default has a policy for it (Kubernetes: "The two sorts
 * of pod isolation"; Calico: end-of-tier default action).
 */
export function isolationsOf(
  world: World,
  { staged }: { readonly staged: StagedMode },
): readonly Isolation[] {
  const tiers = orderTiers(world.tiers, world.policies, staged);
  const placements = new Map(world.nodes.map(({ name, placement }) => [name, placement]));
  const selectedIn = (direction: Direction) =>
    lazyTable((labels: Labels) =>
      selected(tiersFor(tiers, { labels, direction, hooks: WORKLOAD_HOOKS })),
    );
  const tables = { egress: selectedIn('egress'), ingress: selectedIn('ingress') };
  return world.pods.flatMap((pod) => {
    const isExempt = pod.hostNetwork || isOnStrictBranch(pod, placements.get(pod.node));
    return (['egress', 'ingress'] as const).map((direction): Isolation => {
      const { kind, by } = isExempt ? EXEMPT : tables[direction](pod.labels);
      return {
        namespace: pod.namespace,
        pod: pod.name,
        workload: pod.workload,
        direction,
        kind,
        by,
      };
    });
  });
}

const EXEMPT: Selected = { kind: 'exempt', by: [] };

function selected(tiers: readonly OrderedTier[]): Selected {
  const by = tiers.flatMap(({ policies }) =>
    policies.map((policy) => `${policy.kind} ${policyName(policy)}`),
  );
  return { kind: kindOf(tiers), by };
}

function kindOf(tiers: readonly OrderedTier[]): IsolationKind {
  if (tiers.length === 0) return 'open';
  return tiers.some(({ tier }) => tier.defaultAction === 'deny') ? 'isolated' : 'filtered';
}
