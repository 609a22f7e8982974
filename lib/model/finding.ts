import type { Direction } from './flow';

/** What `lab lint` looks for. The names are public. */
export type FindingCode =
  | 'acl-without-return'
  | 'cidr-overlap'
  | 'cluster-ip-in-policy'
  | 'control-plane-cut'
  | 'dns-cut'
  | 'dns-udp-only'
  | 'endpoint-unreachable'
  | 'http-not-served'
  | 'icmp-code-in-nftables'
  | 'named-port-unknown'
  | 'network-set-as-namespace'
  | 'no-service'
  | 'one-sided'
  | 'order-by-release'
  | 'other-namespace'
  | 'peer-matches-nothing'
  | 'policy-selects-nothing'
  | 'policy-shadowed'
  | 'port-not-served'
  | 'port-range-whole'
  | 'port-zero'
  | 'redundant-block'
  | 'rule-unreachable'
  | 'two-enforcers'
  | 'untracked-replies';

/** How sure it is a mistake: it cannot work so, it hardly works as meant, it is good to know. */
export type Severity = 'error' | 'warning' | 'note';

/** Something in the files that is legal and probably not what was meant. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The object, such as `NetworkPolicy shop/web`. */
  readonly object: string;
  /** The rule of the object, where it is one. */
  readonly rule?: { readonly direction: Direction; readonly index: number };
  /** What is wrong and how one can tell, in one sentence. */
  readonly why: string;
  /** What to write instead. */
  readonly fix: string;
}
