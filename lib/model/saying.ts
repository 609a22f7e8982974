import type { Decision, Evidence, Verdict } from './explanation';

/** What a step of a filter says about a peer, in two halves: they are the same for every peer. */
export interface Saying {
  readonly kind: Decision['kind'];
  readonly cited: Omit<Evidence, 'because'>;
  readonly head: string;
  /** What follows the name of the peer; `undefined` where the sentence does not name the peer. */
  readonly tail: string | undefined;
}

/** What the policies of one end say about many of its peers: the same sentences with other names. */
export interface SideWords {
  readonly verdict: Verdict;
  readonly sayings: readonly Saying[];
  /** Places in `sayings` of those that decided. */
  readonly deciding: readonly number[];
}

/** A saying about one peer. */
export function said({ kind, cited, head, tail }: Saying, peer: string): Decision {
  const { filter, direction, object, rule } = cited;
  const because = tail === undefined ? head : head + peer + tail;
  return { kind, evidence: { filter, direction, object, rule, because } };
}
