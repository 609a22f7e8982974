import type { ApplicationBalancer, BalancerTarget } from '../../model/http';
import type { Service, ServicePort } from '../../model/world';
import type { LoadBalancerListener, ServiceCall } from './types';

/**
 * The application load balancer through which a caller outside the cluster reaches a Service that has
 * only a cluster address: one that listens on the port asked for, with a rule that leads to the Service
 * (AWS Load Balancer Controller: Ingress). Its rules by host and path are not asked here.
 */
export function applicationListener(
  service: Service,
  { directory: { world }, protocol, port }: ServiceCall,
): LoadBalancerListener | undefined {
  if (protocol !== 'TCP' || typeof port !== 'number') return undefined;
  for (const { balancer } of world.http?.proxies ?? []) {
    const target = balancer?.targets.find((one) => leadsTo(one, service, port));
    const own = target === undefined ? undefined : targetPort(service, target);
    const [address] = balancer?.addresses ?? [];
    if (balancer === undefined || target === undefined || own === undefined) continue;
    if (address === undefined || !listens(balancer, port)) continue;
    const { addresses, scheme } = balancer;
    const { targets } = target;
    const device = { addresses, scheme, targets, preserveClientIp: false, zones: 'all' } as const;
    return { service, port: own, address, balancer: device };
  }
  return undefined;
}

const leadsTo = (target: BalancerTarget, { namespace, name }: Service, port: number): boolean =>
  target.namespace === namespace && target.service === name && target.from.includes(port);

const listens = ({ ports }: ApplicationBalancer, port: number): boolean =>
  ports.some((one) => one.port === port);

const targetPort = ({ ports }: Service, { port }: BalancerTarget): ServicePort | undefined =>
  ports.find((one) => one.port === port || one.name === port);
