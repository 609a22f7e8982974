import type { Ip } from './address';
import type { Direction, Flow } from './flow';

export type Verdict = 'allowed' | 'denied' | 'no-route' | 'unknown';

/** What can refuse a packet. Names are part of the public contract. */
export type Filter =
  | 'network-policy'
  | 'calico-policy'
  | 'cluster-network-policy'
  | 'security-group'
  | 'network-acl'
  | 'route';

/** What decided: a rule, or (rule `null`) a default and whose default it is. */
export interface Evidence {
  readonly filter: Filter;
  readonly direction: Direction;
  /** `namespace/name`, or `name` where it has no namespace; for a default, which default. */
  readonly object: string;
  /** Place of the rule in its object, from 0 (for a network ACL, the rule number); or none. */
  readonly rule: number | null;
  /** One sentence for a person. */
  readonly because: string;
}

/** One filter's answer. `not-isolated`: nothing claims this direction. `passed`: asked, no opinion. */
export interface Decision {
  readonly kind: 'not-isolated' | 'allowed' | 'denied' | 'passed' | 'no-route' | 'unknown';
  readonly evidence: Evidence;
}

/** One device on the way, with what its filters said, in the order asked. */
export interface Hop {
  /** Such as `pod shop/web-0`, `node a`, `subnet pods-a`, `nat-gateway nat-a`. */
  readonly device: string;
  /**
   * The device's own id, the same in every trace and picture of a world: its kind, a colon and its id in
   * the model, such as `pod:shop/web-0` or `subnet:Network.PodsA`. Devices of two VPCs never share one.
   */
  readonly id: string;
  readonly decisions: readonly Decision[];
  /** What happened to the packet here besides filtering, such as an address translation. */
  readonly note?: string;
  /** Addresses that the packet has from here on, where this device translates them. */
  readonly becomes?: Translation;
}

/** The new addresses of a packet, and its new destination port; absent: that stays as it was. */
export interface Translation {
  readonly source?: Ip;
  readonly destination?: Ip;
  readonly port?: number;
}

/**
 * The way there and the way back, apart: a stateless filter judges each on its own. Each ends at the hop
 * that refuses the packet.
 */
export interface Trace {
  readonly forward: readonly Hop[];
  readonly return: readonly Hop[];
  /**
   * Hops that a refused packet does not reach, and what they would say: two refusals need two changes.
   * Absent where nothing refuses it, or nothing is behind the refusal.
   */
  readonly unreached?: readonly Hop[];
}

/** Verdict, evidence and the whole trace of one flow. */
export interface Explanation {
  readonly flow: Flow;
  readonly verdict: Verdict;
  /** What decided: for an allow every rule that admitted it, for a denial what refused. */
  readonly by: readonly Evidence[];
  readonly trace: Trace;
  /** For `internet`, where public addresses have different verdicts; `verdict` is then `unknown`. */
  readonly stretches?: readonly InternetStretch[];
}

/** Public addresses that share a verdict. */
export interface InternetStretch {
  readonly verdict: Verdict;
  /** Blocks such as `8.8.8.0/24`; the widest part is what is left. */
  readonly blocks: readonly string[] | 'every other public address';
}
