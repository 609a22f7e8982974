import type { Finding } from '../model/finding';
import type { Direction } from '../model/flow';
import type { Policy, Rule } from '../model/policy';
import { type OrderedTier, orderTiers } from '../model/policy-order';
import { tiersFor, WORKLOAD_HOOKS } from '../reach/policy/subjects';
import type { PreparedWorld } from './prepared';
import { about, objectOf } from './words';

/** Policies and rules that are never evaluated, because something before them always decides. */
export const checkOrder = (prepared: PreparedWorld): readonly Finding[] => [
  ...shadowedPolicies(prepared),
  ...unreachableRules(prepared),
];

/** What decides every packet: a rule that matches all, or the end of a tier. */
interface Stop {
  readonly policy: Policy;
  readonly because: string;
  readonly fix: string;
}

function shadowedPolicies({ world, pods }: PreparedWorld): readonly Finding[] {
  const tiers = orderTiers(world.tiers, world.policies, 'as-written');
  const reached = new Set<Policy>();
  const stopped = new Map<Policy, Stop>();
  for (const { labels } of pods) {
    for (const direction of ['ingress', 'egress'] as const) {
      const own = tiersFor(tiers, { labels, direction, hooks: WORKLOAD_HOOKS });
      walk(own, direction, {
        reach: (policy) => reached.add(policy),
        stop: (policy, by) => stopped.set(policy, by),
      });
    }
  }
  return [...stopped]
    .filter(([policy]) => !reached.has(policy))
    .map(
      ([policy, { because, fix }]): Finding => ({
        code: 'policy-shadowed',
        severity: 'warning',
        object: objectOf(policy),
        why: `it is never evaluated: ${because}`,
        fix,
      }),
    );
}

interface Visitor {
  readonly reach: (policy: Policy) => void;
  readonly stop: (policy: Policy, by: Stop) => void;
}

/** The tiers of one pod, as a packet that only unconditional rules stop would see them. */
function walk(tiers: readonly OrderedTier[], direction: Direction, visitor: Visitor): void {
  let closed: Stop | undefined;
  for (const { tier, policies } of tiers) {
    let ended = closed;
    let passes = false;
    for (const policy of policies) {
      if (ended !== undefined) {
        visitor.stop(policy, ended);
        continue;
      }
      visitor.reach(policy);
      const rules = policy[direction] ?? [];
      const last = rules.findIndex(decidesAll);
      const asked = last === -1 ? rules : rules.slice(0, last + 1);
      passes ||= asked.some(({ action }) => action === 'pass');
      const rule = rules[last];
      if (rule !== undefined) ended = stopAt(policy, direction, rule);
    }
    const [first] = policies;
    if (closed !== undefined || passes) continue;
    closed =
      ended ?? (tier.defaultAction === 'deny' && first ? tierEnd(tier.name, first) : undefined);
  }
}

const stopAt = (policy: Policy, direction: Direction, rule: Rule): Stop => ({
  policy,
  because: `${direction} rule ${rule.index} of ${objectOf(policy)} ${VERBS[rule.action]} everything before it`,
  fix: `narrow that rule, or give this policy a lower order than ${objectOf(policy)}`,
});

const VERBS = { allow: 'allows', deny: 'denies', pass: 'passes', log: 'logs' } as const;

const tierEnd = (tier: string, policy: Policy): Stop => ({
  policy,
  because: `tier ${tier}, which comes before, ends in a deny for the pods that ${objectOf(policy)} selects`,
  fix: `end the policies of tier ${tier} in a Pass rule, or give the tier defaultAction: Pass`,
});

function unreachableRules({ world }: PreparedWorld): readonly Finding[] {
  return world.policies.flatMap((policy) =>
    (['ingress', 'egress'] as const).flatMap((direction) => {
      const rules = policy[direction] ?? [];
      const last = rules.findIndex(decidesAll);
      const decisive = rules[last];
      const dead = last === -1 ? undefined : rules[last + 1];
      if (decisive === undefined || dead === undefined) return [];
      const others = rules.length - last - 1;
      return [
        about(
          { policy, direction, rule: dead },
          {
            code: 'rule-unreachable',
            severity: 'warning',
            why: `rule ${decisive.index} before it ${VERBS[decisive.action]} everything, so ${others === 1 ? 'it is' : `${others} rules are`} never evaluated`,
            fix: 'move it up, or narrow the rule before it',
          },
        ),
      ];
    }),
  );
}

/** Whether the rule decides every packet. */
const decidesAll = ({ action, ipVersion, source, destination, traffic }: Rule): boolean =>
  action !== 'log' &&
  ipVersion === undefined &&
  source === 'any' &&
  destination === 'any' &&
  traffic === 'any';
