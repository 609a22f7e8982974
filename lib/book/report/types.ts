import type { FlowChange } from '../../model/change';
import type { Verdict } from '../../model/explanation';
import type { FlowNote, RuleEvidence } from '../../model/flow-evidence';
import type { Explained, Grid, PlacedFinding } from '../engine/types';

/** What one HTML report shows: only the parts that are given. */
export interface BookReport {
  /** The command that makes it again. */
  readonly command: string;
  /** The result in a few words: the decision of who reads it. */
  readonly headline: string;
  /** What was judged, in a sentence. */
  readonly summary: string;
  /** The worst of it; absent: nothing is wrong. */
  readonly warning?: string;
  readonly changes?: readonly ReportedChange[];
  readonly findings?: readonly PlacedFinding[];
  readonly grid?: Grid;
  /** The grid before the changes. */
  readonly before?: Grid;
  /** What packets showed, cell by cell of `grid`. */
  readonly seen?: readonly (readonly number[] | undefined)[];
  readonly explained?: Explained;
  /** Flows that packets answered otherwise, a line each. */
  readonly differing?: readonly string[];
  readonly recommended?: ReportedSet;
  /** Flows that were predicted and sent, what differs first. */
  readonly compared?: readonly ReportedFlow[];
  /** When and by which version. */
  readonly footer: string;
}

/** A flow with what was predicted and what packets showed. */
export interface ReportedFlow {
  readonly flow: string;
  readonly predicted: Verdict;
  readonly seen: Verdict;
  readonly agreement: 'agrees' | 'differs' | 'not-comparable';
  /** What decided the prediction; where packets gave no answer, why. */
  readonly because: string;
}

/** A change with what decides it now. */
export interface ReportedChange {
  readonly change: FlowChange;
  readonly decidedBy: readonly string[];
}

/** A recommended set of policies, for the review of a person. */
export interface ReportedSet {
  /** Each call that a rule stands for, with the records that ask for it. */
  readonly rules: readonly RuleEvidence[];
  /** What a person has to know before the set is applied. */
  readonly notes: readonly FlowNote[];
  /** What the set cuts, closes and leaves open, a line each. */
  readonly proof: readonly string[];
  readonly yaml: string;
}
