import type { Decision, Evidence } from '../../model/explanation';
import { type Policy, type PolicyKind, policyName, type Rule, type Tier } from '../../model/policy';
import { DEFAULT, filterOf } from '../../model/rule-name';
import { type Saying, said } from '../../model/saying';
import { labelsIn, NAMESPACE_PREFIX, type Selector } from '../../model/selector';
import { partyName, trafficName } from '../ends/names';
import type { Party } from '../ends/types';
import type { PolicyDefault, PolicyQuestion, TierStep } from './types';

/** Whose policies speak, and in which direction. */
export interface Speaker extends Pick<PolicyQuestion, 'direction'> {
  /** The name of the workload or host endpoint. */
  readonly name: string;
}

/** A step whose words depend on nothing of the peer but its name. */
export type PlainStep = Exclude<TierStep, { readonly kind: 'doubt' }>;

/** What each step of the tier walk says, as decisions with their evidence. */
export function decisionsOf(
  step: TierStep,
  question: PolicyQuestion,
  otherwise: PolicyDefault,
): readonly Decision[] {
  const peer = peerName(question);
  const sayings =
    step.kind === 'doubt'
      ? [byDoubt(step, question)]
      : sayingsOf(step, speakerOf(question), otherwise);
  return sayings.map((saying) => said(saying, peer));
}

/** The sayings of a step, for every peer. */
export function sayingsOf(
  step: PlainStep,
  speaker: Speaker,
  otherwise: PolicyDefault,
): readonly Saying[] {
  switch (step.kind) {
    case 'rule':
      return [byRule(step, speaker)];
    case 'end-of-tier':
      return endOfTier(step.tier, step.policies, speaker);
    case 'profile':
      return [leftToProfile(speaker, otherwise)];
  }
}

const KIND_OF = { allow: 'allowed', deny: 'denied', pass: 'passed', log: 'passed' } as const;

/** No policy claims the direction. */
export const notIsolated = ({ direction, name }: Speaker): Saying => ({
  kind: 'not-isolated',
  cited: { filter: 'network-policy', direction, object: DEFAULT.notIsolated, rule: null },
  head: `no policy isolates ${name} for ${direction}, so all of it is allowed`,
  tail: undefined,
});

/** Evidence that cites a default by name (`DEFAULT` of model/rule-name). */
export const defaultEvidence = (
  { direction }: Pick<PolicyQuestion, 'direction'>,
  object: string,
  because: string,
): Evidence => ({ filter: 'network-policy', direction, object, rule: null, because });

const KIND_NAME: Readonly<Record<PolicyKind, string>> = {
  NetworkPolicy: 'NetworkPolicy',
  VpcCniSetting: 'VPC CNI setting',
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

const place = (rule: Rule, { direction }: Pick<PolicyQuestion, 'direction'>): string =>
  `spec.${direction}[${rule.index}]`;

/** Whose policies a question is about. */
export const speakerOf = ({ direction, source, target, subject }: PolicyQuestion): Speaker => ({
  direction,
  name: subject ?? partyName(direction === 'egress' ? source : target.party),
});

/** `db-0 on TCP 5432` seen from the source, `web-0 on TCP 5432` seen from the target. */
export const peerName = ({ direction, source, target }: PolicyQuestion): string =>
  `${partyName(direction === 'egress' ? target.party : source)} on ${trafficName(target)}`;

type PolicyStep = { readonly policy: Policy; readonly rule: Rule };

/** What a rule does to a peer, before and behind its name. */
const SAYS: Readonly<Record<Rule['action'], readonly [head: string, tail: string]>> = {
  allow: ['allows ', ''],
  deny: ['denies ', ''],
  pass: ['passes ', ' on, past the rest of its tier'],
  log: ['logs ', ' and decides nothing'],
};

function byRule({ policy, rule }: PolicyStep, speaker: Speaker): Saying {
  const [does, tail] = SAYS[rule.action];
  return {
    kind: KIND_OF[rule.action],
    cited: { ...cite(policy, speaker), rule: rule.index },
    head: `${title(policy)}, ${place(rule, speaker)}, ${does}`,
    tail,
  };
}

function byDoubt(
  { policy, rule }: Extract<TierStep, { readonly kind: 'doubt' }>,
  question: PolicyQuestion,
): Saying {
  if (rule === undefined) return bySubjectDoubt(policy, question);
  return {
    kind: 'unknown',
    cited: { ...cite(policy, question), rule: rule.index },
    head: `whether ${title(policy)}, ${place(rule, question)}, matches `,
    tail: ` is not known in advance: it depends on ${missing(question, rule)}`,
  };
}

/** Whether a policy selects the subject hangs on labels that the input does not give. */
function bySubjectDoubt(policy: Policy, question: PolicyQuestion): Saying {
  const { direction, source, target } = question;
  const { name } = speakerOf(question);
  if (policy.uncertain !== undefined) {
    return {
      kind: 'unknown',
      cited: { ...cite(policy, question), rule: null },
      head: `whether ${title(policy)} isolates ${name}, and so denies `,
      tail: `, is not known: ${policy.uncertain}`,
    };
  }
  const party = direction === 'egress' ? source : target.party;
  return {
    kind: 'unknown',
    cited: { ...cite(policy, question), rule: null },
    head: `whether ${title(policy)} selects ${name}, and so decides on `,
    tail: `, is not known: it depends on ${openLabelsOf(party, [policy.subject]) ?? 'its labels'}`,
  };
}

/** Which labels that are asked for the input does not give, and what would tell. */
function openLabelsOf({ open = [] }: Party, selectors: readonly Selector[]): string | undefined {
  const asked = selectors.flatMap(labelsIn);
  const isAsked = (prefix: string): boolean => asked.some((label) => label.startsWith(prefix));
  const objects = open.flatMap(({ openLabels, namespace, serviceAccount = 'default' }) =>
    openLabels
      .filter(isAsked)
      .map((prefix) =>
        prefix === NAMESPACE_PREFIX
          ? `Namespace ${namespace}`
          : `ServiceAccount ${namespace}/${serviceAccount}`,
      ),
  );
  if (objects.length === 0) return undefined;
  const kinds = [...new Set(objects.map((name) => name.split(' ')[0]))];
  return `the labels of ${[...new Set(objects)].join(' and ')}, which the input does not give (give the ${kinds.join(' and the ')})`;
}

const selectorsOf = ({ source, destination }: Rule): readonly Selector[] =>
  [source, destination]
    .flatMap((peers) => (peers === 'any' ? [] : peers))
    .flatMap(({ selector, notSelector }) => [selector ?? [], notSelector ?? []].flat());

/** What the input does not say, and what would tell. */
function missing({ direction, source, target }: PolicyQuestion, rule: Rule): string {
  const peer = direction === 'ingress' ? source : target.party;
  if (peer.assumedAddress === true) {
    const ask = peer.end.kind === 'node' ? 'give its Node' : 'give the Pod with its status.podIP';
    return `the address of ${partyName(peer)}, which the input does not give (${ask})`;
  }
  if (peer.assumedLabels === true) {
    return `the labels of ${partyName(peer)}, which the input does not give (give its Node)`;
  }
  const selectors = selectorsOf(rule);
  const labels = openLabelsOf(source, selectors) ?? openLabelsOf(target.party, selectors);
  return labels ?? 'a domain name or on the port that the client gets';
}

function leftToProfile({ direction, name }: Speaker, otherwise: PolicyDefault): Saying {
  const open = `no policy that ${name} has for ${direction} decided`;
  const cited = {
    filter: 'network-policy',
    direction,
    object: DEFAULT.profile,
    rule: null,
  } as const;
  switch (otherwise) {
    case 'allow': {
      const head = `${open}, and what is left over is allowed`;
      return { kind: 'allowed', cited, head, tail: undefined };
    }
    case 'deny':
      return {
        kind: 'denied',
        cited: { ...cited, object: DEFAULT.hostEndpoint, filter: 'calico-policy' },
        head: 'nothing allows ',
        tail: ` at ${name}, and a host endpoint denies what is left over`,
      };
    case 'no-opinion':
      return { kind: 'passed', cited, head: open, tail: undefined };
  }
}

const cite = (
  policy: Policy,
  { direction }: Pick<PolicyQuestion, 'direction'>,
): Omit<Evidence, 'rule' | 'because'> => ({
  filter: filterOf(policy.kind),
  direction,
  object: policyName(policy),
});

/** The policies that isolate the subject without allowing the peer: one decision per policy, in order. */
function endOfTier(tier: Tier, policies: readonly Policy[], speaker: Speaker): readonly Saying[] {
  if (tier.defaultAction === 'pass') {
    return policies.slice(0, 1).map((policy) => ({
      kind: 'passed',
      cited: { ...cite(policy, speaker), rule: null },
      head: `no rule of tier ${tier.name} decides on `,
      tail: ', and the tier passes on',
    }));
  }
  return policies.map((policy) => leftOver(policy, tier, speaker));
}

function leftOver(policy: Policy, tier: Tier, { direction, name }: Speaker): Saying {
  const isolates = `${title(policy)} isolates ${name} for ${direction}`;
  // Only Calico's users know tiers; Kubernetes' own policy all lives in one.
  const isPlain = policy.kind === 'NetworkPolicy' || policy.kind === 'VpcCniSetting';
  const end = isPlain ? '' : `, and tier ${tier.name} ends in a denial`;
  const hasRules = (policy[direction] ?? []).length > 0;
  return {
    kind: 'denied',
    cited: { ...cite(policy, { direction }), rule: null },
    head: hasRules
      ? `${isolates}, and no ${direction} rule of it allows `
      : `${isolates} and has no ${direction} rule, so `,
    tail: hasRules ? end : ` is denied${end}`,
  };
}
