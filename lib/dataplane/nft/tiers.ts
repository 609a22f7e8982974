import type { Direction } from '../../model/flow';
import { hash64 } from '../../model/hash';
import { type Policy, policyName, type Tier } from '../../model/policy';
import { orderTiers, type StagedMode } from '../../model/policy-order';
import { filterOf, ruleName } from '../../model/rule-name';
import { type Labels, matches } from '../../model/selector';
import type { World } from '../../model/world';
import { type CompiledChain, chainName, LEAVE_TIER, mayPass, policyChain } from './rules';
import { quoted } from './ruleset';

/** A chain with the chains it jumps to. */
export interface ChainTree extends CompiledChain {
  readonly calls: readonly ChainTree[];
}

/** Whom a chain is for: what its labels say, and a name for the chain's comment. */
export interface ChainSubject {
  readonly labels: Labels;
  readonly title: string;
}

/** Which of the world's policies are asked: by direction and by hook. */
export interface ChainQuery {
  readonly direction: Direction;
  readonly hooks: readonly Policy['hook'][];
  /** Do tiers deny at their end what none of their policies decided? */
  readonly tierEnd: 'denies' | 'is silent';
}

/** Answers the chain that judges a subject's traffic; none where no policy claims it. */
export type ChainOf = (subject: ChainSubject, question: ChainQuery) => ChainTree | undefined;

/** What to do at a tier's end where policies applied and none decided. */
interface AppliedTier {
  readonly tier: Tier;
  readonly policies: readonly Policy[];
}

/** Compiles a world's policies; each chain is made once, so subjects under the same ones share. */
export function compileTiers(world: World, mode: StagedMode): ChainOf {
  const { tiers, staged } = tiersOf(world, mode);
  const once = remembering<ChainTree>();

  const effectOf = (policy: Policy) => (staged.has(policy) ? 'count' : 'decide');

  const policyTree = (policy: Policy, direction: Direction): ChainTree =>
    once(chainName(policy, direction, effectOf(policy)), () => ({
      ...policyChain(world, policy, direction, effectOf(policy)),
      calls: [],
    }));

  const shared = (prefix: string, tree: ChainTree): ChainTree => {
    const name = `${prefix}-${hash64(tree.chain.rules.join('\n')).slice(0, 8)}`;
    return once(name, () => ({ ...tree, chain: { ...tree.chain, name } }));
  };

  const tierTree = ({ tier, policies }: AppliedTier, question: ChainQuery): ChainTree => {
    const { direction, tierEnd } = question;
    const asked = policies.flatMap((policy) => {
      const effect = effectOf(policy);
      const jump = `jump ${chainName(policy, direction, effect)}`;
      return effect === 'decide' && mayPass(policy, direction) ? [jump, LEAVE_TIER] : [jump];
    });
    const enforced = policies.filter((policy) => !staged.has(policy));
    const end = tierEnd === 'denies' ? endOfTier(tier, enforced, direction) : [];
    const rules = [...asked, ...end];
    const calls = policies.map((policy) => policyTree(policy, direction));
    return shared(`tier/${tier.name}`, { chain: { name: tier.name, rules }, sets: [], calls });
  };

  return (subject, question) => {
    const applied = tiers
      .map(({ tier, policies }) => ({
        tier,
        policies: policies.filter((policy) => applies(policy, subject, question)),
      }))
      .filter(({ policies }) => policies.length > 0);
    if (applied.length === 0) return undefined;
    const calls = applied.map((one) => tierTree(one, question));
    const rules = calls.map((call) => `jump ${call.chain.name}`);
    const comment = `${subject.title} and its like`;
    return shared(question.direction, { chain: { name: '', rules, comment }, sets: [], calls });
  };
}

/** A chain's whole tree, each called chain before its caller. */
export const flatten = (tree: ChainTree): readonly CompiledChain[] => [
  ...tree.calls.flatMap(flatten),
  tree,
];

/** Staged policies stand among the enforced ones, in their order, and are known apart. */
function tiersOf(world: World, mode: StagedMode) {
  if (mode === 'as-enforced') {
    return { tiers: orderTiers(world.tiers, world.policies, mode), staged: new Set<Policy>() };
  }
  const standIns = world.policies
    .filter((policy) => policy.staged === 'set')
    .map((policy): Policy => ({ ...policy, staged: 'no' }));
  const policies = [...world.policies, ...standIns];
  return { tiers: orderTiers(world.tiers, policies, mode), staged: new Set(standIns) };
}

const applies = (
  policy: Policy,
  subject: ChainSubject,
  { direction, hooks }: ChainQuery,
): boolean =>
  policy[direction] !== undefined &&
  hooks.includes(policy.hook) &&
  matches(policy.subject, subject.labels);

/** The tier's own word, cited by the first policy that applied and did not decide. */
function endOfTier(
  tier: Tier,
  [first]: readonly Policy[],
  direction: Direction,
): readonly string[] {
  if (first === undefined || tier.defaultAction === 'pass') return [];
  const filter = filterOf(first.kind);
  const name = ruleName({ filter, direction, object: policyName(first), rule: null });
  return [`drop comment ${quoted(name)}`];
}

function remembering<T>(): (name: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (name, make) => {
    const value = known.get(name) ?? make();
    known.set(name, value);
    return value;
  };
}
