import type { Block } from './block';
import type { PortRule } from './peers';

/** A policy of a recommended set, in whichever kind. */
export interface SetPolicy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: object;
}

/** A rule of a NetworkPolicy, with the fields that recommended ones use. */
export interface PeerRule {
  readonly from?: readonly RulePeer[];
  readonly to?: readonly RulePeer[];
  readonly ports: readonly PortRule[];
}

/** A peer of such a rule. */
export interface RulePeer {
  readonly ipBlock?: Block;
  readonly podSelector?: object;
  readonly namespaceSelector?: object;
}

/** The name of a policy in texts: `namespace/name`, or its name where it has no namespace. */
export const setPolicyName = ({
  metadata: { namespace, name },
}: Pick<SetPolicy, 'metadata'>): string =>
  namespace === undefined ? name : `${namespace}/${name}`;
