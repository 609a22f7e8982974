/** Where clients of a load balancer may be. */
export type LoadBalancerScheme = 'internal' | 'internet-facing';

/** Does a load balancer send to pods, or to a node port of every node? */
export type LoadBalancerTargets = 'ip' | 'instance';
