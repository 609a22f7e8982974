import type { Evidence, Filter } from './explanation';
import { hash32 } from './hash';
import type { PolicyKind } from './policy';

/** What identifies a rule in evidence, without the sentence for people. */
export type NamedRule = Pick<Evidence, 'filter' | 'direction' | 'object' | 'rule'>;

/** Objects that evidence cites where no policy's rule decided; `rule` is `null` with each. */
export const DEFAULT = {
  /** No policy claims this direction of the endpoint. */
  notIsolated: 'not-isolated',
  /** Policies were asked, none decided, and no tier denies at its end: the profile's allow. */
  profile: 'default-allow',
  /** A pod reaches its own address without leaving its namespace. */
  ownAddress: 'own-address',
  /** A node reaches its own pods, whatever policies say. */
  ownNode: 'own-node',
  /** A pod on a branch interface in strict mode: policies on its node do not see it. */
  strictBranch: 'branch-interface',
  /** A host endpoint that policies or profiles leave without an allow. */
  hostEndpoint: 'host-endpoint',
  /** Ports that Calico keeps open on host endpoints. */
  failsafe: 'failsafe-port',
} as const;

const FILTER_OF: Readonly<Record<PolicyKind, Filter>> = {
  NetworkPolicy: 'network-policy',
  VpcCniSetting: 'network-policy',
  StagedKubernetesNetworkPolicy: 'network-policy',
  ClusterNetworkPolicy: 'cluster-network-policy',
  AdminNetworkPolicy: 'cluster-network-policy',
  BaselineAdminNetworkPolicy: 'cluster-network-policy',
  CalicoNetworkPolicy: 'calico-policy',
  GlobalNetworkPolicy: 'calico-policy',
  StagedNetworkPolicy: 'calico-policy',
  StagedGlobalNetworkPolicy: 'calico-policy',
};

/** The filter a policy of this kind speaks for in evidence. */
export const filterOf = (kind: PolicyKind): Filter => FILTER_OF[kind];

/** Longest comment nft takes is 128 bytes with its end (libnftnl udata); stay below it. */
const LONGEST = 120;

/**
 * The one name of a rule, for the engine's evidence and for the comment on the kernel's rule alike:
 * `network-policy egress shop/web rule 0`. With `rule: null` it ends in `default`: the end-of-tier
 * denial is cited by the first policy of the tier that applied (as Calico's own traces do), the
 * other defaults by an object of `DEFAULT`. ASCII, no quotes, at most 120 bytes: any other character of
 * an object is written as its code, and a longer object is cut and gets a hash, so equal names still
 * mean equal rules.
 */
export function ruleName({ filter, direction, object, rule }: NamedRule): string {
  const head = `${filter} ${direction} `;
  const tail = rule === null ? ' default' : ` rule ${rule}`;
  const room = LONGEST - head.length - tail.length;
  const plain = object.replace(/[^ -!#-~]/gu, (found) => `~${found.codePointAt(0)?.toString(16)}`);
  return `${head}${plain.length <= room ? plain : shorten(plain, room)}${tail}`;
}

const NAME =
  /^(network-policy|calico-policy|cluster-network-policy|security-group|network-acl|route) (egress|ingress) (.+?) (?:rule (\d+)|default)$/;

/** The rule a comment names (its object cut where `ruleName` had to), or `undefined` for others. */
export function parseRuleName(comment: string): NamedRule | undefined {
  const [, filter, direction, object, rule] = NAME.exec(comment) ?? [];
  if (filter === undefined || direction === undefined || object === undefined) return undefined;
  return {
    filter: filter as Filter,
    direction: direction as Evidence['direction'],
    object,
    rule: rule === undefined ? null : Number(rule),
  };
}

/** Cuts a long name; the hash keeps equal names equal and others different. */
const shorten = (object: string, room: number): string =>
  `${object.slice(0, room - 9)}~${hash32(object)}`;
