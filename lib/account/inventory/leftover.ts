/**
 * What can be left of a lab in an account. One shape for every service, so that whose it is, in
 * which order it goes and what it costs are decided by pure functions and not by who described it.
 */

/** Kinds in the order they are removed within a stage: what refers comes before what it refers to. */
export const KINDS = [
  'load-balancer',
  'classic-load-balancer',
  'target-group',
  'stack',
  'fargate-profile',
  'node-group',
  'cluster',
  'instance',
  'launch-template',
  'vpc-endpoint',
  'nat-gateway',
  'transit-gateway-attachment',
  'peering',
  'flow-log',
  'network-interface',
  'address',
  'volume',
  'security-group',
  'subnet',
  'route-table',
  'network-acl',
  'egress-only-internet-gateway',
  'internet-gateway',
  'vpn-gateway',
  'vpc',
  'log-group',
  'other',
] as const;
export type LeftoverKind = (typeof KINDS)[number];

/** Whether a resource can be removed now, and if not, what it waits for. */
export type Status =
  | { readonly kind: 'idle' }
  /** Removing the owner removes it; a call of our own would be refused. */
  | { readonly kind: 'attached'; readonly to: LeftoverHolder }
  /** Its removal is under way. */
  | { readonly kind: 'going' }
  /** Its removal was tried by AWS and given up. */
  | { readonly kind: 'failed'; readonly reason: string };

/** What holds an attached interface, volume or group. */
export type LeftoverHolder =
  | 'instance'
  | 'load-balancer'
  | 'lambda'
  | 'cluster'
  | 'network'
  | 'vpc';

/** One resource as the account shows it. */
export interface Leftover {
  readonly kind: LeftoverKind;
  /** What the API removes it by: an id, a name or an ARN. */
  readonly id: string;
  /** For people; may be empty. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The VPCs it lives in: none for a volume, two for a peering. */
  readonly vpcs: readonly string[];
  readonly status: Status;
  /** USD it costs while it exists. */
  readonly perHour: number;
}

export const keyOf = ({ kind, id }: Pick<Leftover, 'kind' | 'id'>): string => `${kind} ${id}`;

/** `security-group sg-1 (k8s-traffic-lab)`. */
export const describe = (item: Leftover): string =>
  item.name === '' || item.name === item.id ? keyOf(item) : `${keyOf(item)} (${item.name})`;
