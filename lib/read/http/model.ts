import type { HttpModel, HttpProxy } from '../../model/http';
import { compare } from '../schema/order';
import { albProxies } from './alb';
import { albGroups } from './alb-groups';
import { ALB_CONTROLLER, classedIngresses } from './classes';
import { type HttpCluster, newConditions } from './cluster';
import { gatewayProxies } from './gateways';
import { ingressProxies, isControllerPod } from './ingresses';
import type { HttpObjects } from './objects';

/** All proxies of a cluster, with the rules that are attached to them. */
export function resolveHttp(objects: HttpObjects, cluster: HttpCluster): HttpModel {
  const conditions = newConditions();
  const hasController = (className: string): boolean =>
    cluster.pods.some((pod) => isControllerPod(pod, `ingress-${className}`));
  const ingresses = classedIngresses(objects, hasController, conditions);
  const isAlb = ({ controller }: { readonly controller: string }) => controller === ALB_CONTROLLER;
  const groups = albGroups(ingresses.filter(isAlb), objects, { cluster, conditions });
  const proxies = [
    ...gatewayProxies({ objects, cluster, conditions }),
    ...ingressProxies(
      ingresses.filter((one) => !isAlb(one)),
      cluster,
    ),
    ...albProxies(groups, cluster),
  ];
  return { proxies: standingOutside(proxies, cluster), conditions: conditions.all };
}

/**
 * Hosts outside stand for proxies that run outside the cluster: DNS leads there, as to the load
 * balancer that a controller builds. A host stands for the first proxy that serves its name; one
 * that serves every name or a wildcard gets hosts that listen on nothing themselves.
 */
function standingOutside(
  proxies: readonly HttpProxy[],
  { outside }: HttpCluster,
): readonly HttpProxy[] {
  const sorted = proxies.toSorted((a, b) => compare(a.id, b.id));
  const hosts = new Map<HttpProxy, string[]>();
  for (const host of outside) {
    const free = sorted.filter((one) => one.pods.length === 0 && one.listeners.length > 0);
    const named = free.find((one) => namesOf(one).includes(host.name));
    const isName = host.name.includes('.') && !/^[\d.]+$|:/.test(host.name);
    const any =
      isName && host.ports.length === 0 ? free.find((one) => serves(one, host.name)) : undefined;
    const chosen = named ?? any;
    if (chosen !== undefined) hosts.set(chosen, [...(hosts.get(chosen) ?? []), host.name]);
  }
  return proxies.map((one) => ({ ...one, hosts: hosts.get(one) ?? [] }));
}

const namesOf = ({ listeners }: HttpProxy): readonly string[] =>
  listeners.flatMap(({ hostname, rules }) => [
    ...(hostname === undefined ? [] : [hostname]),
    ...rules.flatMap(({ hosts }) => hosts),
  ]);

/** Does a proxy serve a name by a wildcard, or every name? */
function serves(proxy: HttpProxy, name: string): boolean {
  const names = namesOf(proxy);
  const isOpen = proxy.listeners.some(
    ({ hostname, rules, otherwise }) =>
      hostname === undefined &&
      (rules.some(({ hosts }) => hosts.length === 0) || otherwise.kind !== 'reply'),
  );
  return isOpen || names.some((one) => one.startsWith('*.') && name.endsWith(one.slice(1)));
}
