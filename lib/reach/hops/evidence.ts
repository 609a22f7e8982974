import type { Evidence } from '../../model/explanation';

/** The rule and direction that route evidence cites; `@default` no rule, `egress`. */
export type RouteRule = Partial<Pick<Evidence, 'rule' | 'direction'>>;

/**
 * Evidence of filter `route`: a packet is forwarded or dropped by something that is not a policy, a
 * security group or a network ACL. `object` is the route table, Service, device or address that decides.
 */
export function routeEvidence(object: string, because: string, at: RouteRule = {}): Evidence {
  const { direction = 'egress', rule = null } = at;
  return { filter: 'route', direction, object, rule, because };
}
