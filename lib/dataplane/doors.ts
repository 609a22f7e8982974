import type { Ip } from '../model/address';
import type { HttpRoute, OutsideEndpoint, PodEndpoint, World } from '../model/world';
import type { Command, Netns } from './command';
import { netnsOf } from './names';
import { listenersFor, nginxConfig } from './nginx';

/** Who reads HTTP for some routes: a controller's pod, or a load balancer outside. */
export interface Door {
  readonly netns: Netns;
  readonly addresses: readonly Ip[];
  readonly routes: readonly HttpRoute[];
}

/**
 * The doors of a world. A route is served by the pods of the controller that its class names, or of
 * its Gateway; else by the host outside that has the name which the route answers to: DNS leads
 * there, as to the load balancer that a cloud's controller builds. A route without either is a
 * wish that nobody reads.
 */
export function doorsOf(world: World): readonly Door[] {
  const byNetns = new Map<Netns, Door>();
  for (const route of world.httpRoutes ?? []) {
    const pods = world.pods.filter((pod) => !pod.hostNetwork && isController(pod, route));
    const servers = pods.length > 0 ? pods : world.outside.filter((host) => isNamed(host, route));
    for (const server of servers) {
      const netns = netnsOf(server);
      const routes = [...(byNetns.get(netns)?.routes ?? []), route];
      byNetns.set(netns, { netns, addresses: server.addresses, routes });
    }
  }
  return [...byNetns.values()];
}

/** An nginx for each door, configured from its routes. */
export const serveHttp = (world: World): readonly Command[] =>
  doorsOf(world).map((door) => ({
    kind: 'serve-http',
    netns: door.netns,
    config: nginxConfig(world, door),
    certificateFor: [...new Set(door.routes.filter(hasTls).flatMap(({ hosts }) => hosts))],
  }));

/** What ends where a door was and is none. */
export function stopHttp(before: World, after: World): readonly Command[] {
  const doors = new Set(doorsOf(after).map(({ netns }) => netns));
  return doorsOf(before)
    .filter(({ netns }) => !doors.has(netns))
    .map(({ netns }) => ({ kind: 'stop-http', netns }));
}

const hasTls = (route: HttpRoute): boolean =>
  listenersFor(route).some(({ protocol }) => protocol === 'HTTPS');

/**
 * The labels that controllers put on their pods: those of Kubernetes' recommended labels for an
 * ingress controller (`ingress-nginx` serves class `nginx`), and the one that Gateway API asks of
 * whatever is made for a Gateway (GEP-1762).
 */
function isController({ namespace, labels }: PodEndpoint, { kind, via }: HttpRoute): boolean {
  if (via === undefined) return false;
  if (kind === 'HTTPRoute') {
    return `${namespace}/${labels['gateway.networking.k8s.io/gateway-name'] ?? ''}` === via;
  }
  const isDoor = labels['app.kubernetes.io/component'] === 'controller';
  return isDoor && labels['app.kubernetes.io/name'] === `ingress-${via}`;
}

const isNamed = (host: OutsideEndpoint, { hosts }: HttpRoute): boolean => hosts.includes(host.name);
