import type { Ip } from '../model/address';
import type { Protocol } from '../model/flow';
import type { Outcome } from '../model/observation';
import type { Netns } from './commands/command';

/** One attempt to make: from inside a namespace, with real packets. */
export interface Probe {
  readonly netns: Netns;
  /**
   * Source address to bind; absent: the kernel's choice. One of another family than the destination
   * can send it nothing, and the attempt shows `unreachable`.
   */
  readonly source?: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  /** Destination port; 0 for ICMP. */
  readonly port: number;
}

/** A rule, as the comment that the compiler put on it names it. */
export interface TracedRule {
  readonly netns: Netns;
  readonly chain: string;
  /** The rule's comment, or `policy` where the chain's own policy decided. */
  readonly comment: string;
  readonly verdict: 'accept' | 'drop' | 'continue';
}

/** What the attempt showed; in the order of the probes asked. */
export interface Observation {
  readonly outcome: Outcome;
  /** First line that a TCP listener said, or UDP's echo. */
  readonly answer?: string;
  /** Rules the kernel says the packet met, in order; empty unless tracing was asked for. */
  readonly trace: readonly TracedRule[];
  /** Why a protocol could not be tried. */
  readonly reason?: string;
}
