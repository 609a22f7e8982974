import type { Ip } from '../../model/address';
import type { ApplicationBalancer, HttpModel } from '../../model/http';
import type { Service, ServicePort, World } from '../../model/world';

/** An application load balancer, in the shape of a Service that one stands before. */
export interface AlbService {
  readonly service: Service;
  readonly application: ApplicationBalancer;
}

/**
 * Application load balancers in the shape of the Services that network load balancers stand
 * before: a port for each that it listens on, with the endpoints behind its rules.
 */
export function albServices({ http, services }: World): readonly AlbService[] {
  return (http?.proxies ?? []).flatMap(({ balancer: application }): readonly AlbService[] => {
    if (application === undefined || application.ports.length === 0) return [];
    const { group, namespace, addresses, scheme, securityGroups } = application;
    const service: Service = {
      namespace,
      name: albName(group),
      type: 'LoadBalancer',
      clusterIps: [],
      headless: true,
      internalTrafficPolicy: 'Cluster',
      externalTrafficPolicy: 'Cluster',
      ports: application.targets.flatMap((target) =>
        portsOf(target, services).flatMap((one) => target.from.map((port) => ({ ...one, port }))),
      ),
      loadBalancer: {
        addresses,
        scheme,
        targets: 'ip',
        preserveClientIp: false,
        zones: 'all',
        ...(securityGroups !== undefined && { securityGroups }),
      },
    };
    return [{ service, application }];
  });
}

/** The proxies, the one of this balancer with the addresses it got. */
export const withAddresses = (
  { proxies, conditions }: HttpModel,
  { group }: ApplicationBalancer,
  addresses: readonly Ip[],
): HttpModel => ({
  conditions,
  proxies: proxies.map((one) =>
    one.balancer?.group === group ? { ...one, balancer: { ...one.balancer, addresses } } : one,
  ),
});

/** A balancer of one Ingress or Gateway is called after it. */
const albName = (group: string): string => `alb-${group.replace('/', '-')}`;

/** The ports of a Service that a target names. */
export function portsOf(
  { namespace, service, port }: ApplicationBalancer['targets'][number],
  services: readonly Service[],
): readonly ServicePort[] {
  const found = services.find((one) => one.namespace === namespace && one.name === service);
  return (found?.ports ?? []).filter((one) => one.port === port || one.name === port);
}
