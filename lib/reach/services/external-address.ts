import { contains, familyOf, type Ip } from '../../model/address';
import type { NodeEndpoint, Service, ServicePort } from '../../model/world';
import type { Party } from '../ends/types';
import { inFamily } from './call';
import { callNodePort, nodesTaking } from './node-port';
import { noEndpoints, noFamily, serviceName, stoppedAt } from './refusal';
import type { Routing, ServiceCall } from './types';

/** A Service's port at an external address, or at an address of its load balancer's status. */
export interface ExternalAddress {
  readonly service: Service;
  readonly port: ServicePort;
  readonly address: Ip;
  /** An address of the load balancer: source ranges apply. */
  readonly isBalancers: boolean;
}

/**
 * The Service that kube-proxy serves at one of these addresses. Where AWS balances a Service, a call
 * from outside goes to its load balancer, which is not kube-proxy.
 */
export function externalAddressAt(
  to: readonly Party[],
  call: ServiceCall,
): ExternalAddress | undefined {
  const isInside = call.from.some(({ node }) => node !== undefined);
  for (const service of call.directory.world.services) {
    const { externalIps = [], balancerVips = [], loadBalancer } = service;
    const vips = isInside || loadBalancer === undefined ? balancerVips : [];
    const address = [...externalIps, ...vips].find((one) => to.some((p) => p.address === one));
    const port = service.ports.find((p) => p.protocol === call.protocol && p.port === call.port);
    if (address === undefined || port === undefined) continue;
    return { service, port, address, isBalancers: vips.includes(address) };
  }
  return undefined;
}

/**
 * A call to such an address. A pod's or node's own node translates it; one from outside is translated
 * by the node that it reaches: the one that has the address, else any (kubernetes pkg/proxy: external
 * traffic). Source ranges are asked of the client's own address, and others are dropped.
 */
export function callExternalAddress(external: ExternalAddress, given: ServiceCall): Routing {
  const { service, port, address } = external;
  const call = inFamily(given, familyOf(address));
  if (call.from.length === 0) return noFamily(service);
  if (isOutOfRange(external, call)) {
    const because = `the source is in none of the loadBalancerSourceRanges of ${serviceName(service)}, so kube-proxy drops the packet`;
    return stoppedAt(service, 'denied', because);
  }
  const routings = entryNodes(external, call).map((node) =>
    callNodePort({ service, port, node, external: address }, call),
  );
  const stops = routings.filter((one) => one.kind === 'stopped');
  const deliveries = routings.flatMap((one) => (one.kind === 'delivered' ? one.deliveries : []));
  if (deliveries.length === 0) return stops[0] ?? noEndpoints(service, port);
  if (stops.length === 0) return { kind: 'delivered', deliveries };
  const because = `the files do not say which node traffic to ${address} reaches, and only some have an endpoint of ${serviceName(service)} (externalTrafficPolicy Local)`;
  return stoppedAt(service, 'unknown', because);
}

const isOutOfRange = (
  { service: { sourceRanges }, isBalancers }: ExternalAddress,
  { from }: ServiceCall,
): boolean =>
  isBalancers &&
  sourceRanges !== undefined &&
  !from.some(({ address }) => sourceRanges.some((range) => contains(range, address)));

function entryNodes(
  { service, port, address, isBalancers }: ExternalAddress,
  call: ServiceCall,
): readonly NodeEndpoint[] {
  const { world, node: nodeOf } = call.directory;
  const own = call.from.flatMap(({ node }) => (node === undefined ? [] : (nodeOf(node) ?? [])));
  if (own.length > 0) return own.slice(0, 1);
  const holder = world.nodes.filter(({ addresses }) => addresses.includes(address));
  if (holder.length > 0) return holder;
  // A load balancer sends to nodes that pass their health check.
  const taking = isBalancers ? nodesTaking(service, port, call) : [];
  return taking.length > 0 ? taking : world.nodes;
}

/** A load balancer that neither AWS nor kube-proxy serves: its way to the pods is not described. */
export function callForeignBalancer(service: Service): Routing {
  const { foreignClass, proxiedVips = [] } = service;
  const which = foreignClass ? `class ${foreignClass}` : 'another controller';
  const [address] = proxiedVips;
  const what =
    address === undefined
      ? 'its status gives no IP address'
      : `${address} is served by the load balancer itself (ipMode Proxy)`;
  return stoppedAt(
    service,
    'unknown',
    `the load balancer of ${serviceName(service)} belongs to ${which}, and ${what}`,
  );
}
