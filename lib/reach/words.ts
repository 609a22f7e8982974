import type { Decision, Evidence } from '../model/explanation';
import type { Direction } from '../model/flow';
import { formatEnd } from '../model/flow';
import { type Policy, type PolicyKind, policyName, type Rule, type Tier } from '../model/policy';
import { DEFAULT, filterOf } from '../model/rule-name';
import type { Party } from './party';
import type { Step } from './tiers';
import type { Target } from './traffic';

/** The question a sentence is about: whose policies, which way, against whom. */
export interface Matter {
  readonly direction: Direction;
  readonly source: Party;
  readonly target: Target;
  /** Whose policies, where it is not one of the two: a host endpoint. */
  readonly subject?: string;
}

/** What each step of the tier walk says, as decisions with their evidence. */
export function decisionsOf(
  step: Step,
  matter: Matter,
  otherwise: 'allow' | 'deny' | 'no-opinion',
): readonly Decision[] {
  switch (step.kind) {
    case 'rule':
      return [{ kind: KIND_OF[step.rule.action], evidence: byRule(step, matter) }];
    case 'doubt':
      return [{ kind: 'unknown', evidence: byDoubt(step, matter) }];
    case 'end-of-tier':
      return endOfTier(step.tier, step.policies, matter);
    case 'profile':
      return [leftToProfile(matter, otherwise)];
  }
}

const KIND_OF = { allow: 'allowed', deny: 'denied', pass: 'passed', log: 'passed' } as const;

/** No policy claims the direction. */
export const notIsolated = (matter: Matter): Decision => ({
  kind: 'not-isolated',
  evidence: evidence(matter, DEFAULT.notIsolated, {
    because: `no policy isolates ${subjectName(matter)} for ${matter.direction}, so all of it is allowed`,
  }),
});

/** A default that a person should know by name. */
export function evidence(
  { direction }: Pick<Matter, 'direction'>,
  object: string,
  { because }: { readonly because: string },
): Evidence {
  return { filter: 'network-policy', direction, object, rule: null, because };
}

/** A party as sentences name it. */
export function partyName(party: Party): string {
  const end = formatEnd(party.end);
  return party.end.kind === 'ip' || party.end.kind === 'internet'
    ? end.replace('ip:', '')
    : end.replace('node:', 'node ').replace('eni:', 'interface ');
}

/** `TCP 5432`, or `ICMP`. */
export const trafficName = ({ protocol, port }: Pick<Target, 'protocol' | 'port'>): string =>
  port === undefined ? protocol : `${protocol} ${port}`;

const KIND_NAME: Readonly<Record<PolicyKind, string>> = {
  NetworkPolicy: 'NetworkPolicy',
  ClusterNetworkPolicy: 'ClusterNetworkPolicy',
  AdminNetworkPolicy: 'AdminNetworkPolicy',
  BaselineAdminNetworkPolicy: 'BaselineAdminNetworkPolicy',
  CalicoNetworkPolicy: 'Calico NetworkPolicy',
  GlobalNetworkPolicy: 'GlobalNetworkPolicy',
  StagedNetworkPolicy: 'StagedNetworkPolicy (as if enforced)',
  StagedGlobalNetworkPolicy: 'StagedGlobalNetworkPolicy (as if enforced)',
  StagedKubernetesNetworkPolicy: 'StagedKubernetesNetworkPolicy (as if enforced)',
};

/** A policy as sentences name it. */
export const title = (policy: Policy): string => `${KIND_NAME[policy.kind]} ${policyName(policy)}`;

const place = (rule: Rule, { direction }: Matter): string => `spec.${direction}[${rule.index}]`;

const subjectName = ({ direction, source, target, subject }: Matter): string =>
  subject ?? partyName(direction === 'egress' ? source : target.party);

/** `db-0 on TCP 5432` seen from the source, `web-0 on TCP 5432` seen from the target. */
const peerName = ({ direction, source, target }: Matter): string =>
  `${partyName(direction === 'egress' ? target.party : source)} on ${trafficName(target)}`;

type PolicyStep = { readonly policy: Policy; readonly rule: Rule };

/** What a rule does to somebody. */
const SAYS: Readonly<Record<Rule['action'], (whom: string) => string>> = {
  allow: (whom) => `allows ${whom}`,
  deny: (whom) => `denies ${whom}`,
  pass: (whom) => `passes ${whom} on, past the rest of its tier`,
  log: (whom) => `logs ${whom} and decides nothing`,
};

const byRule = ({ policy, rule }: PolicyStep, matter: Matter): Evidence => ({
  ...cite(policy, matter),
  rule: rule.index,
  because: `${title(policy)}, ${place(rule, matter)}, ${SAYS[rule.action](peerName(matter))}`,
});

const byDoubt = ({ policy, rule }: PolicyStep, matter: Matter): Evidence => ({
  ...cite(policy, matter),
  rule: rule.index,
  because:
    `whether ${title(policy)}, ${place(rule, matter)}, matches ${peerName(matter)} is not known ` +
    'before the packet: it hangs on a domain name or on the port that the client gets',
});

function leftToProfile(matter: Matter, otherwise: 'allow' | 'deny' | 'no-opinion'): Decision {
  const open = `no policy that ${subjectName(matter)} has for ${matter.direction} decided`;
  switch (otherwise) {
    case 'allow': {
      const because = `${open}, and what is left over is allowed`;
      return { kind: 'allowed', evidence: evidence(matter, DEFAULT.profile, { because }) };
    }
    case 'deny': {
      const because = `nothing allows ${peerName(matter)} at ${subjectName(matter)}, and a host endpoint denies what is left over`;
      const cited = evidence(matter, DEFAULT.hostEndpoint, { because });
      return { kind: 'denied', evidence: { ...cited, filter: 'calico-policy' } };
    }
    case 'no-opinion':
      return {
        kind: 'passed',
        evidence: evidence(matter, DEFAULT.profile, { because: open }),
      };
  }
}

const cite = (policy: Policy, { direction }: Matter): Omit<Evidence, 'rule' | 'because'> => ({
  filter: filterOf(policy.kind),
  direction,
  object: policyName(policy),
});

/** Who isolates, and that nothing they say admits the peer: one decision a policy, the first asked first. */
function endOfTier(tier: Tier, policies: readonly Policy[], matter: Matter): readonly Decision[] {
  if (tier.defaultAction === 'pass') {
    const because = `no rule of tier ${tier.name} decides on ${peerName(matter)}, and the tier passes on`;
    return policies.slice(0, 1).map((policy) => ({
      kind: 'passed',
      evidence: { ...cite(policy, matter), rule: null, because },
    }));
  }
  return policies.map((policy) => ({
    kind: 'denied',
    evidence: { ...cite(policy, matter), rule: null, because: leftOver(policy, tier, matter) },
  }));
}

function leftOver(policy: Policy, tier: Tier, matter: Matter): string {
  const { direction } = matter;
  const isolates = `${title(policy)} isolates ${subjectName(matter)} for ${direction}`;
  // Only Calico's users know tiers; Kubernetes' own policy all lives in one.
  const end = policy.kind === 'NetworkPolicy' ? '' : `, and tier ${tier.name} ends in a denial`;
  return (policy[direction] ?? []).length === 0
    ? `${isolates} and has no ${direction} rule, so ${peerName(matter)} is denied${end}`
    : `${isolates}, and no ${direction} rule of it allows ${peerName(matter)}${end}`;
}
