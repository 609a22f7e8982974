import type { Direction } from './flow';

/**
 * What policies do to one direction of a pod. `isolated`: what no rule allows is denied. `filtered`:
 * rules are evaluated, and what they do not decide is allowed. `open`: no policy selects it for this
 * direction. `exempt`: policies do not see its packets (the host network, a strict branch interface).
 */
export type IsolationKind = 'isolated' | 'filtered' | 'open' | 'exempt';

/** One direction of a pod, and the policies that select it. */
export interface Isolation {
  readonly namespace: string;
  readonly pod: string;
  /** What made it, as `Kind/name`. */
  readonly workload: string;
  readonly direction: Direction;
  readonly kind: IsolationKind;
  /** Policies that select it for this direction, such as `NetworkPolicy shop/web`; in the order evaluated. */
  readonly by: readonly string[];
}
