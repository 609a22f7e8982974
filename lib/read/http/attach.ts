import { matches } from '../../model/selector';
import type { Namespace } from '../../model/world';
import type { ParentRef } from './http-route';
import type { GatewayListener, GatewayObject, ObjectRef, ReferenceGrantObject } from './objects';

export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/**
 * Host names that a listener and a route have in common; `undefined` where there are none. An empty
 * list stands for every name (Gateway API: HTTPRouteSpec.hostnames).
 */
export function commonHosts(
  listener: string | undefined,
  route: readonly string[],
): readonly string[] | undefined {
  if (listener === undefined) return route;
  if (route.length === 0) return [listener];
  const common = route.flatMap((host) => commonHost(listener, host) ?? []);
  return common.length === 0 ? undefined : [...new Set(common)];
}

function commonHost(listener: string, route: string): string | undefined {
  if (listener === route) return route;
  if (listener.startsWith('*.') && isBelow(route, listener)) return route;
  return route.startsWith('*.') && isBelow(listener, route) ? listener : undefined;
}

/** Is a name, or every name of a wildcard, matched by a wider wildcard? */
const isBelow = (host: string, wildcard: string): boolean => {
  const name = host.startsWith('*') ? host.slice(1) : host;
  return name.endsWith(wildcard.slice(1)) && name.length > wildcard.length - 1;
};

/** May a reference go to an object of another namespace (Gateway API: ReferenceGrant)? */
export function isGranted(
  from: { readonly group: string; readonly kind: string; readonly namespace: string },
  to: ObjectRef,
  grants: readonly ReferenceGrantObject[],
): boolean {
  if (from.namespace === to.namespace) return true;
  return grants.some(
    (grant) =>
      grant.meta.namespace === to.namespace &&
      grant.from.some(
        (one) =>
          one.group === from.group && one.kind === from.kind && one.namespace === from.namespace,
      ) &&
      grant.to.some(
        (one) =>
          one.group === to.group &&
          one.kind === to.kind &&
          (one.name === undefined || one.name === '' || one.name === to.name),
      ),
  );
}

/** Does a listener take routes of a namespace (Gateway API: AllowedRoutes.namespaces)? */
export function allowsNamespace(
  { from }: GatewayListener,
  gateway: GatewayObject,
  namespace: { readonly name: string; readonly all: readonly Namespace[] },
): boolean {
  if (from === 'All') return true;
  if (from === 'None') return false;
  if (from === 'Same') return namespace.name === gateway.meta.namespace;
  const labels = namespace.all.find(({ name }) => name === namespace.name)?.labels ?? {
    'kubernetes.io/metadata.name': namespace.name,
  };
  return matches(from, labels);
}

/** Does a listener take HTTPRoutes (Gateway API: AllowedRoutes.kinds)? */
export const takesHttpRoutes = ({ protocol, kinds }: GatewayListener): boolean =>
  (protocol === 'HTTP' || protocol === 'HTTPS') &&
  (kinds === undefined ||
    kinds.some(({ group, kind }) => group === GATEWAY_GROUP && kind === 'HTTPRoute'));

/** Does a parent reference name this listener? */
export const namesListener = (
  { sectionName, port }: ParentRef,
  listener: GatewayListener,
): boolean =>
  (sectionName === undefined || sectionName === listener.name) &&
  (port === undefined || port === listener.port);

/** Is the parent a Gateway, and which one? */
export function parentGateway(
  { group = GATEWAY_GROUP, kind = 'Gateway', namespace, name }: ParentRef,
  home: string,
): string | undefined {
  return group === GATEWAY_GROUP && kind === 'Gateway' ? `${namespace ?? home}/${name}` : undefined;
}
