import type { Ip } from '../model/address';
import type { ApplicationBalancer, HttpRoute, Service, ServicePort, World } from '../model/world';

/**
 * Application load balancers in the shape of the Services that network load balancers stand
 * before, one for each group of Ingresses: a port for each that it listens on, with everybody
 * behind the Ingresses' own backends.
 */
export function doorsOf({ httpRoutes = [], services }: World): readonly Service[] {
  const routes = httpRoutes.filter(({ loadBalancer }) => loadBalancer !== undefined);
  const groups = new Map(routes.map((route) => [groupOf(route), route]));
  return [...groups].flatMap(([group, { namespace, loadBalancer }]): Service[] => {
    if (loadBalancer === undefined) return [];
    const targets = routes
      .filter((route) => groupOf(route) === group)
      .flatMap((route) => targetsOf(route, services));
    return [
      {
        ...{ namespace, name: nameOf(group), type: 'LoadBalancer', clusterIps: [] },
        ...{ headless: true, internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster' },
        ports: loadBalancer.listens.flatMap((port) => targets.map((one) => ({ ...one, port }))),
        loadBalancer: { ...bare(loadBalancer), preserveClientIp: false, zones: 'all' },
      },
    ];
  });
}

/** The routes, those behind a door with the addresses it got. */
export const withAddresses = (
  routes: readonly HttpRoute[],
  door: Service,
  addresses: readonly Ip[],
): readonly HttpRoute[] =>
  routes.map((route) =>
    route.loadBalancer !== undefined && nameOf(groupOf(route)) === door.name
      ? { ...route, loadBalancer: { ...route.loadBalancer, addresses } }
      : route,
  );

const groupOf = ({ loadBalancer }: HttpRoute): string => loadBalancer?.group ?? '';

/** An Ingress' own balancer is called after it, and told from a Service of that name. */
const nameOf = (group: string): string => `alb-${group.replace('/', '-')}`;

const bare = ({ group: _, listens: __, ...rest }: ApplicationBalancer) => rest;

function targetsOf({ backends }: HttpRoute, services: readonly Service[]): readonly ServicePort[] {
  return backends.flatMap(({ namespace, service, port }) => {
    const found = services.find((one) => one.namespace === namespace && one.name === service);
    return (found?.ports ?? []).filter((one) => one.port === port || one.name === port);
  });
}
