import type { Decision, Evidence, Hop, Verdict } from '../../model/explanation';

/** What one filter answers to one packet. */
export interface FilterAnswer {
  readonly verdict: Verdict;
  /** Every rule and default that the filter evaluated, in order. */
  readonly decisions: readonly Decision[];
  /** The evidence that decided. */
  readonly by: readonly Evidence[];
}

/** A device on the path with the answers of its filters, and what they come to. */
export interface JudgedHop extends HopChange {
  readonly device: string;
  readonly answers: readonly FilterAnswer[];
  /** `allowed` where the device has no filter. */
  readonly verdict: Verdict;
  /** The evidence that decided. Most hops are never asked for it, so it is made on demand. */
  readonly by: () => readonly Evidence[];
}

/** What a trace says about a device besides its decisions; `id` where its name does not give it. */
export type HopChange = Pick<Hop, 'note' | 'becomes'> & Partial<Pick<Hop, 'id'>>;

/** A part of the path: its hops for the packet, and its hops for the replies. */
export interface Segment {
  readonly forward: readonly JudgedHop[];
  /** In the order the replies pass; evaluated only where the whole path forward is open. */
  readonly back: () => readonly JudgedHop[];
}
