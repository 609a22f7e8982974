import { type NameScope, resolveEnd } from '../../lab/resolve';
import type { FlowEnd } from '../../model/flow';
import type { Endpoint } from '../../model/world';

/** The endpoints that a name of a lab stands for; a Service is none. */
export function endpointsOf(name: string, scope: NameScope): readonly Endpoint[] {
  const { pods, nodes, outside } = scope.world;
  const all: readonly Endpoint[] = [...pods, ...nodes, ...outside];
  return resolveEnd(name, scope).flatMap((end) => all.filter((one) => isAt(one, end)));
}

/** The addresses that a name stands for: a Service's own, or those of its endpoints. */
export function addressesOf(name: string, scope: NameScope): readonly string[] {
  const services = resolveEnd(name, scope).flatMap((end) =>
    end.kind === 'service'
      ? scope.world.services.filter((s) => s.namespace === end.namespace && s.name === end.name)
      : [],
  );
  return [
    ...services.flatMap(({ clusterIps }) => clusterIps),
    ...endpointsOf(name, scope).flatMap(({ addresses }) => addresses),
  ];
}

/** Whether this endpoint is the one that the end of a flow names. */
export function isAt(endpoint: Endpoint, end: FlowEnd): boolean {
  switch (end.kind) {
    case 'pod':
      return (
        endpoint.kind === 'pod' &&
        endpoint.namespace === end.namespace &&
        endpoint.name === end.name
      );
    case 'node':
      return endpoint.kind === 'node' && endpoint.name === end.name;
    case 'ip':
      return endpoint.addresses.includes(end.address);
    case 'internet':
      return endpoint.kind === 'outside' && endpoint.name === 'internet';
    case 'service':
    case 'eni':
      return false;
  }
}

/** An endpoint as its listeners name themselves: `shop/web-0`, `node-a`. */
export const endpointName = (endpoint: Endpoint): string =>
  endpoint.kind === 'pod' ? `${endpoint.namespace}/${endpoint.name}` : endpoint.name;
