import type { Direction } from '../../model/flow';
import type { Policy, Rule, Tier } from '../../model/policy';
import type { OrderedTier } from '../../model/policy-order';
import type { Destination, Packet, Party } from '../ends/types';
import type { FilterAnswer } from '../hops/types';

/** What a sentence about policies is about: whose policies, in which direction, for which packet. */
export interface PolicyQuestion {
  readonly direction: Direction;
  readonly source: Party;
  readonly target: Destination;
  /** Whose policies, where it is neither of the two ends: a host endpoint. */
  readonly subject?: string;
}

/** Judges packets against the policies of their workloads. */
export interface PolicyJudge {
  /** `undefined` where this end of the packet is not a workload, so that no policy selects it. */
  readonly workload: (packet: Packet, direction: Direction) => FilterAnswer | undefined;
}

/** What the policies that select a workload decide about a packet of it. */
export type AnswerPacket = (packet: Packet, question: PolicyQuestion) => FilterAnswer;

/** A tier with the policies of it that select a subject, or may. */
export interface AppliedTier extends OrderedTier {
  /** Those of `policies` of which it is not known whether they select it. Absent: none. */
  readonly perhaps?: ReadonlySet<Policy>;
}

/** The tiers whose policies select a workload in a direction. */
export type TiersOf = (party: Party, direction: Direction) => readonly AppliedTier[];

/** A step of the walk through the tiers that at least one flow took. */
export type TierStep =
  | { readonly kind: 'rule'; readonly policy: Policy; readonly rule: Rule }
  /** Not known: whether the rule matches the peer; without a rule, whether the policy selects the subject. */
  | { readonly kind: 'doubt'; readonly policy: Policy; readonly rule?: Rule }
  | { readonly kind: 'end-of-tier'; readonly tier: Tier; readonly policies: readonly Policy[] }
  | { readonly kind: 'profile' };

/** What holds where no policy decides; `no-opinion`: whatever is evaluated next. */
export type PolicyDefault = 'allow' | 'deny' | 'no-opinion';
