import type { IpFamily } from '../../model/address';
import type { Backend, NodeEndpoint, Service, ServicePort } from '../../model/world';
import { isWorkload } from '../ends/party';
import { calledBy, nodeBackends, packetTo, servesFamily, translatedTo } from './call';
import { noEndpoints, noFamily, noLocal, serviceName } from './refusal';
import type { Delivery, NodePort, Routing, ServiceCall } from './types';

/** The NodePort that a call to a node's address of a family asks for, if there is one. */
export function nodePortAt(
  node: NodeEndpoint,
  family: IpFamily,
  { protocol, port: number, directory }: ServiceCall,
): NodePort | undefined {
  for (const service of directory.world.services) {
    if (!servesFamily(service, family)) continue;
    const port = service.ports.find((p) => p.protocol === protocol && p.nodePort === number);
    if (port?.nodePort !== undefined) return { service, port, node };
  }
  return undefined;
}

/** A client picks any node; where only some answer (`Local`), one of those. */
export function entryNode(
  service: Service,
  port: ServicePort,
  call: ServiceCall,
): NodeEndpoint | undefined {
  const { world } = call.directory;
  return nodesTaking(service, port, call)[0] ?? world.nodes[0];
}

/** Nodes that pass their health check: with `Local` only those that a usable backend is on. */
export function nodesTaking(
  service: Service,
  port: ServicePort,
  call: ServiceCall,
): readonly NodeEndpoint[] {
  const { nodes } = call.directory.world;
  if (service.externalTrafficPolicy === 'Cluster') return nodes;
  return nodes.filter(({ name }) => nodeBackends(port, name, call).local.length > 0);
}

/**
 * A call to a node's port, or to an external address that the node serves. The node translates the
 * destination, and the source too (kube-proxy masquerades; not with `Local`). Policies stand between
 * the two translations: those of a backend on the node itself still see the client, the backend sees
 * the node (kubernetes pkg/proxy/nftables, TestInternalExternalMasquerade).
 */
export function callNodePort(called: NodePort, call: ServiceCall): Routing {
  const { service, port, node, external } = called;
  const { cluster, local, isServed } = nodeBackends(port, node.name, call);
  const toward = external === undefined ? packetToNode(node, port.nodePort, call) : {};
  if (!isServed) return { ...noEndpoints(service, port), ...toward };
  const isLocal = service.externalTrafficPolicy === 'Local' && !isItself(node, call);
  const backends = isLocal ? local : cluster;
  if (backends.length === 0) return { ...noLocal(service, node.name), ...toward };
  const deliveries = backends.flatMap((backend) => throughNode(called, backend, call));
  return deliveries.length > 0 ? { kind: 'delivered', deliveries } : noFamily(service);
}

/** What a node sends to its own port is spread over all backends (kube-proxy: short-circuit). */
const isItself = (node: NodeEndpoint, { from }: ServiceCall): boolean =>
  from.every((party) => party.node === node.name && !isWorkload(party));

/** What the caller itself sends, where the node is not its own. */
function packetToNode(node: NodeEndpoint, port: number | undefined, call: ServiceCall) {
  const [packet] = node.addresses.flatMap((address) => packetTo(address, port, call) ?? []);
  return packet === undefined || packet.source.node === node.name
    ? {}
    : { toward: { packet, stoppedAt: 'target' } as const };
}

function throughNode(
  { service, port, node, external }: NodePort,
  backend: Backend,
  call: ServiceCall,
): readonly Delivery[] {
  const received = translatedTo(backend, call);
  const own = node.addresses.find((a) => call.directory.at(a).family === received?.source.family);
  if (received === undefined || own === undefined) return [];
  const nodeParty = call.directory.at(own);
  const here = received.source.node === node.name;
  const [address, number] = external === undefined ? [own, port.nodePort] : [external, port.port];
  const asked = external === undefined ? `node port ${number}` : `${address} port ${number}`;
  const note = `kube-proxy: ${serviceName(service)} ${asked} becomes ${backend.address} port ${backend.port}`;
  const masks = service.externalTrafficPolicy === 'Cluster' && received.source.address !== own;
  const masked = backend.node !== node.name && service.externalTrafficPolicy === 'Cluster';
  const seen = masked ? { ...received, source: nodeParty } : received;
  const said = {
    note: masks ? `${note}, and the source becomes ${own}` : note,
    ...(masks && !masked ? { masquerade: own } : {}),
  };
  const called = calledBy(received, [address], { port: number, call });
  if (here) return [{ ...called, sent: received, received: seen, ...said }];
  const sent = {
    ...received,
    target: { ...received.target, party: call.directory.at(address), port: number },
  };
  // Without masquerade the backend stands on the node itself: nothing is left to cross.
  const crossings = masked ? [sent, seen] : [sent];
  return [
    {
      sent,
      received: seen,
      via: { node: node.name, device: `node ${node.name}`, crossings },
      ...said,
    },
  ];
}
