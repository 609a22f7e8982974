import type { Filter } from './explanation';
import type { Selector } from './selector';

/** The ends of flows whose answers an object may change. */
export type TouchedEnds =
  | { readonly kind: 'everything' }
  /** Pods of a namespace (those a selector finds, where it is known), and what may lead to them. */
  | { readonly kind: 'pods'; readonly namespace: string; readonly selector?: Selector }
  /** A pod, or the pods of a workload, by name. */
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  /** Pods on a node. */
  | { readonly kind: 'node'; readonly name: string }
  /** A Service; without a name, all of a namespace. */
  | { readonly kind: 'service'; readonly namespace: string; readonly name?: string }
  /** Addresses, nodes, interfaces and the internet: the object may serve or be one of them. */
  | { readonly kind: 'addresses' };

/** An object with a problem that was left out, so that the others could be judged. */
export interface LeftOut {
  /** Such as `NetworkPolicy shop/db`, or `document 3 of app.yaml` where it cannot be told. */
  readonly object: string;
  readonly file: string;
  /** What is wrong with it, with its place. */
  readonly problem: string;
  /** Which filter it would be part of. */
  readonly filter: Filter;
  readonly touches: readonly TouchedEnds[];
}
