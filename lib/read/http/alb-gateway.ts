import { cidr } from '../../model/address';
import type { ApplicationBalancer, BalancerTarget, HttpListener } from '../../model/http';

/** Every client, of both families. */
export const EVERY_CLIENT = [cidr('0.0.0.0/0'), cidr('::/0')];

/**
 * What the AWS Load Balancer Controller builds for a Gateway: internal, with instance targets,
 * unless a LoadBalancerConfiguration says otherwise, which is not read here (its guide, Gateway
 * API). A listener without routes is not built.
 */
export function gatewayBalancer(
  id: string,
  listeners: readonly HttpListener[],
): ApplicationBalancer | undefined {
  const used = listeners.filter(({ rules }) => rules.length > 0);
  const ports = new Map(used.map(({ port, protocol }) => [port, protocol]));
  return {
    group: id,
    namespace: id.split('/')[0] ?? '',
    scheme: 'internal',
    families: 'ipv4',
    ports: [...ports].map(([port, protocol]) => ({
      port,
      protocol,
      sourceRanges: EVERY_CLIENT,
      prefixLists: [],
    })),
    targets: targetsOf(used, () => 'instance'),
    addresses: [],
    managesBackendRules: true,
  };
}

/** Services behind listeners, each with the ports that lead to it. */
export function targetsOf(
  listeners: readonly HttpListener[],
  typeOf: (service: string) => BalancerTarget['targets'],
  morePorts: (service: string) => readonly number[] = () => [],
): readonly BalancerTarget[] {
  const found = new Map<string, BalancerTarget>();
  for (const { port, rules, otherwise } of listeners) {
    for (const action of [...rules.map((rule) => rule.action), otherwise]) {
      if (action.kind !== 'forward') continue;
      for (const { target, weight } of action.backends) {
        if (target.kind !== 'service' || weight === 0) continue;
        const name = `${target.namespace}/${target.name}`;
        const key = `${name}:${target.port}`;
        const from = [...new Set([...(found.get(key)?.from ?? []), port])];
        found.set(key, {
          namespace: target.namespace,
          service: target.name,
          port: target.port,
          targets: typeOf(name),
          from,
          morePorts: morePorts(name),
        });
      }
    }
  }
  return [...found.values()];
}
