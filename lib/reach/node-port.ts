import type { Ip } from '../model/address';
import type { Backend, NodeEndpoint, Service, ServicePort } from '../model/world';
import {
  type Call,
  noEndpoints,
  noFamily,
  noLocal,
  noPort,
  noWay,
  packetTo,
  portOf,
  readyBackends,
  serviceName,
  translatedTo,
} from './call';
import type { Delivery, Routing } from './delivery';

/** A Service's port at a node's own address. */
export interface NodePort {
  readonly service: Service;
  readonly port: ServicePort;
  readonly node: NodeEndpoint;
}

/** The NodePort that a call to a node's address asks for, if there is one. */
export function nodePortAt(node: NodeEndpoint, call: Call): NodePort | undefined {
  const { protocol, port: number } = call;
  for (const service of call.directory.world.services) {
    const port = service.ports.find((p) => p.protocol === protocol && p.nodePort === number);
    if (port?.nodePort !== undefined) return { service, port, node };
  }
  return undefined;
}

/** A call from outside, to a Service by its name: through what it shows to the outside. */
export function callFromOutside(service: Service, call: Call): Routing {
  const port = portOf(service, call);
  if (port === undefined) return noPort(service, call);
  if (service.loadBalancer !== undefined) return callLoadBalancer(service, port, call);
  const node = entryNode(service, port, call);
  if (service.type === 'ClusterIP' || port.nodePort === undefined || node === undefined) {
    return noWay(
      service,
      `${serviceName(service)} has only a cluster address, which is known to the cluster's nodes alone`,
    );
  }
  return callNodePort({ service, port, node }, call);
}

/** A client picks any node; where only some answer (`Local`), one of those. */
function entryNode(service: Service, port: ServicePort, call: Call): NodeEndpoint | undefined {
  const { nodes } = call.directory.world;
  const holds = (node: NodeEndpoint): boolean =>
    readyBackends(port).some((backend) => backend.node === node.name);
  return service.externalTrafficPolicy === 'Local' ? (nodes.find(holds) ?? nodes[0]) : nodes[0];
}

/**
 * A call to a node's port. The node translates the destination, and for a backend on another node
 * the source too, or the reply would bypass it (kube-proxy masquerades; not with `Local`). Policy
 * stands between the two translations, so a backend on the node itself still sees the client.
 */
export function callNodePort({ service, port, node }: NodePort, call: Call): Routing {
  const ready = readyBackends(port);
  const toward = packetToNode(node, port.nodePort, call);
  if (ready.length === 0) return { ...noEndpoints(service), ...toward };
  const isLocal = service.externalTrafficPolicy === 'Local';
  const backends = isLocal ? ready.filter((backend) => backend.node === node.name) : ready;
  if (backends.length === 0) return { ...noLocal(service, node.name), ...toward };
  const deliveries = backends.flatMap((backend) =>
    throughNode({ service, port, node }, backend, call),
  );
  return deliveries.length > 0 ? { kind: 'delivered', deliveries } : noFamily(service);
}

/** What the caller itself sends, where the node is not its own. */
function packetToNode(node: NodeEndpoint, port: number | undefined, call: Call) {
  const [toward] = node.addresses.flatMap((address) => packetTo(address, port, call) ?? []);
  return toward === undefined || toward.source.node === node.name ? {} : { toward };
}

function throughNode(
  { service, port, node }: NodePort,
  backend: Backend,
  call: Call,
): readonly Delivery[] {
  const received = translatedTo(backend, call);
  const own = node.addresses.find((a) => call.directory.at(a).family === received?.source.family);
  if (received === undefined || own === undefined) return [];
  const nodeParty = call.directory.at(own);
  const here = received.source.node === node.name;
  const note = `kube-proxy: ${serviceName(service)} node port ${port.nodePort} becomes ${backend.address} port ${backend.port}`;
  const masked = backend.node !== node.name && service.externalTrafficPolicy === 'Cluster';
  const seen = masked ? { ...received, source: nodeParty } : received;
  const said = masked ? `${note}, and the source becomes ${own}` : note;
  if (here) return [{ sent: received, received: seen, note: said }];
  const sent = {
    ...received,
    target: { ...received.target, party: nodeParty, port: port.nodePort },
  };
  // Without masquerade the backend stands on the node itself: nothing is left to cross.
  const crossings = masked ? [sent, seen] : [sent];
  return [
    {
      ...{ sent, received: seen },
      via: { node: node.name, device: `node ${node.name}`, crossings },
      note: said,
    },
  ];
}

/** A call to a load balancer (AWS Load Balancer Controller): to pods, or to a node's port. */
export function callLoadBalancer(service: Service, port: ServicePort, call: Call): Routing {
  const balancer = service.loadBalancer;
  const [address] = balancer?.addresses ?? [];
  if (balancer === undefined || address === undefined) return noPort(service, call);
  const fromInternet = call.from.every(({ end }) => end.kind === 'internet');
  if (fromInternet && balancer.scheme === 'internal') {
    return noWay(
      service,
      `the load balancer of ${serviceName(service)} is internal: it has no public address`,
    );
  }
  const seen = balancer.preserveClientIp ? call : behind(address, call);
  if (balancer.targets === 'instance') {
    const node = entryNode(service, port, call);
    if (node === undefined) return noEndpoints(service);
    return sentTo(address, call, callNodePort({ service, port, node }, seen));
  }
  const ready = readyBackends(port);
  if (ready.length === 0) return noEndpoints(service);
  const deliveries = ready.flatMap((backend): Delivery[] => {
    const received = translatedTo(backend, seen);
    const source = balancer.preserveClientIp ? 'keeps the client as source' : 'becomes the source';
    const note = `load balancer ${address} sends to ${backend.address} port ${backend.port} and ${source}`;
    return received === undefined ? [] : [{ sent: received, received, note }];
  });
  if (deliveries.length === 0) return noFamily(service);
  return sentTo(address, call, { kind: 'delivered', deliveries });
}

/** Targets see a load balancer by the address of its interface, never by its public one. */
function behind(address: Ip, call: Call): Call {
  const interfaces = call.directory.world.vpcs.flatMap((vpc) => vpc.interfaces);
  const [own = address] = interfaces.find(({ publicIp }) => publicIp === address)?.addresses ?? [];
  return { ...call, from: [call.directory.at(own)] };
}

/** What the client itself sends goes to the load balancer; then the load balancer sends. */
function sentTo(address: Ip, call: Call, routing: Routing): Routing {
  if (routing.kind === 'stopped') return routing;
  const port = typeof call.port === 'number' ? call.port : undefined;
  const sent = packetTo(address, port, call);
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
