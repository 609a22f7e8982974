import { contains, familyOf, type Ip } from '../../model/address';
import type { Vpc } from '../../model/vpc';
import type { LoadBalancer, Service } from '../../model/world';
import { routeEvidence } from '../hops/evidence';
import { applicationListener } from './application-balancer';
import {
  inFamily,
  packetTo,
  portOf,
  readyBackends,
  servesFamily,
  sharedFamily,
  translatedTo,
} from './call';
import { direct } from './delivery';
import { callExternalAddress, callForeignBalancer } from './external-address';
import { callNodePort, entryNode, nodesTaking } from './node-port';
import {
  noEndpoints,
  noFamily,
  noPort,
  onlyForNodes,
  serviceName,
  serviceObject,
  stoppedAt,
} from './refusal';
import type { Delivery, LoadBalancerListener, Routing, ServiceCall } from './types';

/** A call from outside, to a Service by its name: through what it shows to the outside. */
export function callFromOutside(service: Service, call: ServiceCall): Routing {
  const application = service.type === 'ClusterIP' ? applicationListener(service, call) : undefined;
  if (application !== undefined) return callLoadBalancer(application, call);
  const port = portOf(service, call);
  if (port === undefined) return noListener(service, call);
  const [address] = service.loadBalancer?.addresses ?? [];
  if (service.loadBalancer !== undefined) {
    return address === undefined
      ? noPort(service, call)
      : callLoadBalancer({ service, port, address, balancer: service.loadBalancer }, call);
  }
  const [external, vip] = [service.externalIps?.[0], service.balancerVips?.[0]];
  const shown = vip ?? external;
  if (shown !== undefined) {
    const isBalancers = vip !== undefined;
    return callExternalAddress({ service, port, address: shown, isBalancers }, call);
  }
  if (service.foreignClass !== undefined) return callForeignBalancer(service);
  const node = entryNode(service, port, call);
  const isOpen = service.type !== 'ClusterIP' && port.nodePort !== undefined;
  if (!isOpen || node === undefined) {
    return onlyForNodes(service);
  }
  const served = node.addresses.filter((own) => servesFamily(service, familyOf(own)));
  return callNodePort({ service, port, node }, inFamily(call, sharedFamily(served, call)));
}

/** A call to a load balancer (AWS Load Balancer Controller): to pods, or to a node's port. */
export function callLoadBalancer(listener: LoadBalancerListener, given: ServiceCall): Routing {
  const { service, balancer, address } = listener;
  const call = inFamily(given, familyOf(address));
  if (call.from.length === 0) return noFamily(service);
  const fromInternet = call.from.every(({ end }) => end.kind === 'internet');
  if (fromInternet && balancer.scheme === 'internal') {
    return stoppedAt(
      service,
      'no-route',
      `the load balancer of ${serviceName(service)} is internal: it has no public address`,
    );
  }
  if (isOutOfRange(balancer, call)) {
    const because = `the source is in none of the loadBalancerSourceRanges of ${serviceName(service)}`;
    return stoppedAt(service, 'denied', because);
  }
  const seen = balancer.preserveClientIp ? fromAfar(call) : behind(address, call);
  const routing = balancer.targets === 'ip' ? toPods(listener, seen) : toNodes(listener, seen);
  return sentTo(address, call, withoutHairpins({ service, balancer }, call, routing));
}

/**
 * The controller writes source ranges into the balancer's own security group. In a VPC that group is
 * asked on the path; without one the ranges are asked here. Groups of one's own replace them.
 */
const isOutOfRange = (
  { sourceRanges, securityGroups }: LoadBalancer,
  { from, directory }: ServiceCall,
): boolean =>
  directory.world.vpcs.length === 0 &&
  securityGroups === undefined &&
  sourceRanges !== undefined &&
  !from.some(({ address }) => sourceRanges.some((range) => contains(range, address)));

function toPods(
  { service, port, address, balancer }: LoadBalancerListener,
  seen: ServiceCall,
): Routing {
  const known = readyBackends(port, seen);
  if (known.length === 0) return noEndpoints(service, port);
  const zone = ownZone(address, balancer, seen);
  const ready = known.filter(({ node }) => node === undefined || isInZone(node, zone, seen));
  if (ready.length === 0) return noneInZone(service, address);
  const deliveries = ready.flatMap((backend): Delivery[] => {
    const received = translatedTo(backend, seen);
    const source = balancer.preserveClientIp ? 'keeps the client as source' : 'becomes the source';
    const note = `load balancer ${address} sends to ${backend.address} port ${backend.port} and ${source}`;
    return received === undefined ? [] : [{ sent: received, received, note }];
  });
  return deliveries.length === 0 ? noFamily(service) : { kind: 'delivered', deliveries };
}

/** A connection lands on any node that passes its health check, wherever the pods are. */
function toNodes(
  { service, port, address, balancer }: LoadBalancerListener,
  seen: ServiceCall,
): Routing {
  const healthy = nodesTaking(service, port, seen);
  const zone = ownZone(address, balancer, seen);
  const near = healthy.filter(({ name }) => isInZone(name, zone, seen));
  if (near.length === 0 && healthy.length > 0) return noneInZone(service, address);
  const routings = near.map((node) => callNodePort({ service, port, node }, seen));
  const deliveries = routings.flatMap((one) => (one.kind === 'delivered' ? one.deliveries : []));
  if (deliveries.length > 0) return { kind: 'delivered', deliveries };
  return routings[0] ?? noEndpoints(service, port);
}

/**
 * The zone whose targets alone an address of a balancer sends to (ELB guide: without cross-zone load
 * balancing); none where it sends to all, or where no template says where things stand.
 */
function ownZone(
  address: Ip,
  { zones }: LoadBalancer,
  { directory: { world } }: ServiceCall,
): string | undefined {
  if (zones === 'all') return undefined;
  const holds = ({ addresses, publicIp }: Vpc['interfaces'][number]): boolean =>
    publicIp === address || addresses.includes(address);
  return world.vpcs
    .flatMap(({ interfaces, subnets }) => {
      const home = interfaces.find(holds)?.subnet;
      return subnets.filter(({ id }) => id === home);
    })
    .map((subnet) => subnet.zone)[0];
}

const isInZone = (node: string, zone: string | undefined, { directory }: ServiceCall): boolean =>
  zone === undefined || directory.node(node)?.placement?.zone === zone;

const noneInZone = (service: Service, address: Ip): Routing =>
  stoppedAt(
    service,
    'no-route',
    `the load balancer of ${serviceName(service)} at ${address} has no target in its own zone, and sends to no other (cross-zone load balancing is off)`,
  );

/**
 * A target on the client's own node answers a client that was kept straight away, past the load
 * balancer, in a name that the client never called (Elastic Load Balancing: no hairpinning with
 * client IP preservation). By a public address a client comes as its NAT gateway, from elsewhere.
 */
function withoutHairpins(
  { service, balancer }: Pick<LoadBalancerListener, 'service' | 'balancer'>,
  { from, directory }: ServiceCall,
  routing: Routing,
): Routing {
  const comesBack = directory.world.vpcs.length > 0 && balancer.scheme === 'internet-facing';
  if (routing.kind === 'stopped' || !balancer.preserveClientIp || comesBack) return routing;
  const nodes = new Set(from.flatMap(({ node }) => node ?? []));
  const deliveries = routing.deliveries.map((delivery): Delivery => {
    const asked = delivery.via?.node ?? delivery.received.target.party.node;
    if (asked === undefined || !nodes.has(asked)) return delivery;
    const because = `node ${asked} is the client's own: with the client's address kept, answers stay on it and do not go back through the load balancer`;
    return { ...delivery, lost: routeEvidence(serviceObject(service), because) };
  });
  return { kind: 'delivered', deliveries };
}

/** Targets see a load balancer by the address of its interface, never by its public one. */
function behind(address: Ip, call: ServiceCall): ServiceCall {
  const interfaces = call.directory.world.vpcs.flatMap((vpc) => vpc.interfaces);
  const [own = address] = interfaces.find(({ publicIp }) => publicIp === address)?.addresses ?? [];
  return { ...call, from: [call.directory.at(own)] };
}

/** In a VPC the packet still goes to the balancer's address, where its groups are asked. */
function noListener(service: Service, call: ServiceCall): Routing {
  const [address] = service.loadBalancer?.addresses ?? [];
  const number = typeof call.port === 'number' ? call.port : undefined;
  const stands = call.directory.world.vpcs.length > 0 && address !== undefined;
  const isAsked = number !== undefined || call.protocol === 'ICMP';
  const packet = stands && isAsked ? packetTo(address, number, call) : undefined;
  if (packet === undefined) return noPort(service, call);
  return { kind: 'delivered', deliveries: [direct(packet)] };
}

/** A call through a load balancer comes from outside the cluster, also where the client runs on the node. */
const fromAfar = (call: ServiceCall): ServiceCall => ({
  ...call,
  from: call.from.map(({ node: _, ...party }) => party),
});

/** What the client itself sends goes to the load balancer; then the load balancer sends. */
function sentTo(address: Ip, call: ServiceCall, routing: Routing): Routing {
  const port = typeof call.port === 'number' ? call.port : undefined;
  const sent = packetTo(address, port, call);
  if (routing.kind === 'stopped') {
    return sent === undefined
      ? routing
      : { ...routing, toward: { packet: sent, stoppedAt: 'target' } };
  }
  const deliveries = routing.deliveries.map((delivery): Delivery => {
    const on = delivery.via?.crossings ?? [delivery.received];
    const onward = on.map((packet, i) => (i === 0 ? { ...packet, carrier: address } : packet));
    const crossings = sent === undefined ? onward : [sent, ...onward];
    const node = delivery.via?.node;
    const then = node === undefined ? '' : `, then node ${node}`;
    const device = `load balancer ${address}${then}`;
    const via = { ...(node === undefined ? {} : { node }), device, crossings };
    return { ...delivery, ...(sent === undefined ? {} : { sent }), via };
  });
  return { kind: 'delivered', deliveries };
}
