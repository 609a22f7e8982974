import type { Explanation, Verdict } from './explanation';
import type { Flow } from './flow';
import type { SideWords } from './saying';

/** A pod as an end of a pair, with its names as sentences and traces have them. */
export interface PairEnd {
  /** As sentences name it. */
  readonly name: string;
  /** As a trace names it. */
  readonly device: string;
  readonly node: string;
}

/**
 * The explanation of a flow between two pods that only policies stand between, as what it is made of:
 * a million of them share their sentences.
 */
export interface PairWords {
  readonly kind: 'pair';
  readonly flow: Flow;
  readonly verdict: Verdict;
  readonly from: PairEnd;
  readonly to: PairEnd;
  /** Protocol and port of the destination, as sentences name them. */
  readonly traffic: string;
  readonly egress: SideWords;
  readonly ingress: SideWords;
}

/** An explanation as a whole, or as what it is made of. */
export type Worded = PairWords | { readonly kind: 'whole'; readonly explanation: Explanation };
