import type { Direction } from '../../model/flow';
import type { Policy, Rule } from '../../model/policy';
import { addTo, and, type Bits, emptyBits, isEmpty, meets, or, removeFrom } from './bits';
import { type Fuzzy, possible } from './fuzzy';
import type { AppliedTier, TierStep } from './types';

/** What the policies say about one direction of one subject, for every peer at once. */
export interface TierOutcome {
  readonly allowed: Bits;
  readonly denied: Bits;
  /** Those of both whose answer depends on something unknown. */
  readonly unknown: Bits;
}

/** The input of the walk: a subject's policies, and the peers that each of their rules matches. */
export interface TierWalk {
  /** Tiers with only the policies that select the subject, or may, and claim the direction. */
  readonly tiers: readonly AppliedTier[];
  readonly direction: Direction;
  readonly peers: Bits;
  /** `undefined` where a rule matches no peer. */
  readonly match: (rule: Rule) => Fuzzy | undefined;
  /** What holds where no policy decided: a workload's profile allows, a host endpoint's denies. */
  readonly otherwise: 'allow' | 'deny';
  /**
   * Called with every step that at least one flow took, in order, and with the flows that took it.
   * The set belongs to the walk and changes later: copy what is kept.
   */
  readonly observe?: (step: TierStep, flows: Bits) => void;
}

/**
 * Evaluates the tiers in order, in each its policies in order, in each its rules in order (Calico:
 * app-policy/checker/check.go). Allow and deny end everything; pass ends the tier; log goes on. A
 * flow that no rule of a tier decided gets the tier's default; after the last tier, the profile's.
 */
export function walk(question: TierWalk): TierOutcome {
  const { tiers, observe } = question;
  const state = start(question.peers);
  for (const applied of tiers) {
    const here = state.open.slice();
    for (const policy of applied.policies) {
      if (isEmpty(here)) break;
      if (applied.perhaps?.has(policy) === true) doubt(state, here, policy, question);
      else apply(state, here, policy, question);
    }
    if (!isEmpty(here)) endTier(state, here, applied, observe);
  }
  if (!isEmpty(state.open)) observe?.({ kind: 'profile' }, state.open);
  settle(state, question.otherwise === 'allow' ? state.allowed : state.denied, state.open.slice());
  const { allowed, denied, mayAllow, mayDeny } = state;
  return { allowed, denied, unknown: or(and(allowed, mayDeny), and(denied, mayAllow)) };
}

/** The tier's default, on the flows that no rule of it decided. */
function endTier(
  state: State,
  here: Bits,
  { tier, policies, perhaps }: AppliedTier,
  observe: TierWalk['observe'],
): void {
  const [doubted] = perhaps ?? [];
  const sure = perhaps === undefined ? policies : policies.filter((one) => !perhaps.has(one));
  if (sure.length === 0 && doubted !== undefined) {
    if (tier.defaultAction === 'pass') return;
    observe?.({ kind: 'doubt', policy: doubted }, here);
    addTo(state.mayDeny, here);
    return;
  }
  observe?.({ kind: 'end-of-tier', tier, policies: sure }, here);
  if (tier.defaultAction === 'deny') settle(state, state.denied, here);
}

interface State {
  /** Flows nothing has decided yet. */
  readonly open: Bits;
  readonly allowed: Bits;
  readonly denied: Bits;
  /** Flows that a rule which may match would have allowed, or denied, before what decided. */
  readonly mayAllow: Bits;
  readonly mayDeny: Bits;
}

const start = (peers: Bits): State => ({
  open: peers.slice(),
  allowed: emptyBits(peers.length * 32),
  denied: emptyBits(peers.length * 32),
  mayAllow: emptyBits(peers.length * 32),
  mayDeny: emptyBits(peers.length * 32),
});

function settle(state: State, verdict: Bits, flows: Bits): void {
  addTo(verdict, flows);
  removeFrom(state.open, flows);
}

/** A policy that may select the subject: what its rules match, they may have decided. */
function doubt(state: State, here: Bits, policy: Policy, question: TierWalk): void {
  const { direction, match, observe } = question;
  const touched = emptyBits(here.length * 32);
  const left = here.slice();
  for (const rule of policy[direction] ?? []) {
    const hits = match(rule);
    if (hits === undefined || rule.action === 'log') continue;
    const matched = and(left, possible(hits));
    addTo(touched, matched);
    mayHaveDecided(state, rule, matched);
    // If the policy selects the subject, no later rule of it is asked about these.
    removeFrom(left, and(left, hits.sure));
  }
  if (!isEmpty(touched)) observe?.({ kind: 'doubt', policy }, touched);
}

/** What a pass may lead to is not followed: both verdicts are possible. */
function mayHaveDecided(state: State, { action }: Rule, flows: Bits): void {
  if (action !== 'deny') addTo(state.mayAllow, flows);
  if (action !== 'allow') addTo(state.mayDeny, flows);
}

/** A policy that selects the subject, on the flows of this tier that are still `here`. */
function apply(state: State, here: Bits, policy: Policy, question: TierWalk): void {
  for (const rule of policy[question.direction] ?? []) {
    if (isEmpty(here)) return;
    const hits = question.match(rule);
    if (hits !== undefined) applyRule(state, here, { policy, rule, hits }, question.observe);
  }
}

interface Hit {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly hits: Fuzzy;
}

/** One rule, on the flows of this tier that are still `here`. */
function applyRule(
  state: State,
  here: Bits,
  { policy, rule, hits }: Hit,
  observe: TierWalk['observe'],
): void {
  if (hits.perhaps !== undefined && rule.action !== 'log') {
    const perhaps = and(here, hits.perhaps);
    if (!isEmpty(perhaps)) observe?.({ kind: 'doubt', policy, rule }, perhaps);
    mayHaveDecided(state, rule, perhaps);
  }
  if (!meets(here, hits.sure)) return;
  const sure = and(here, hits.sure);
  observe?.({ kind: 'rule', policy, rule }, sure);
  if (rule.action === 'log') return;
  removeFrom(here, sure);
  if (rule.action === 'allow') settle(state, state.allowed, sure);
  if (rule.action === 'deny') settle(state, state.denied, sure);
}
