import type { IpFamily } from '../model/address';
import type { Backend, NodeEndpoint, Service, ServicePort } from '../model/world';
import {
  type Call,
  calledBy,
  noEndpoints,
  noFamily,
  noLocal,
  packetTo,
  readyBackends,
  servesFamily,
  serviceName,
  translatedTo,
} from './call';
import type { Delivery, Routing } from './delivery';
import { isWorkload } from './party';

/** A Service's port at a node's own address. */
export interface NodePort {
  readonly service: Service;
  readonly port: ServicePort;
  readonly node: NodeEndpoint;
}

/** The NodePort that a call to a node's address of a family asks for, if there is one. */
export function nodePortAt(
  node: NodeEndpoint,
  family: IpFamily,
  { protocol, port: number, directory }: Call,
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
  call: Call,
): NodeEndpoint | undefined {
  const { world } = call.directory;
  return nodesTaking(service, port, call)[0] ?? world.nodes[0];
}

/** Nodes that pass their health check: with `Local` only those that a ready backend is on. */
export function nodesTaking(
  service: Service,
  port: ServicePort,
  call: Call,
): readonly NodeEndpoint[] {
  const { nodes } = call.directory.world;
  if (service.externalTrafficPolicy === 'Cluster') return nodes;
  const homes = new Set(readyBackends(port, call).map(({ node }) => node));
  return nodes.filter(({ name }) => homes.has(name));
}

/**
 * A call to a node's port. The node translates the destination, and for a backend on another node
 * the source too, or the reply would bypass it (kube-proxy masquerades; not with `Local`). Policy
 * stands between the two translations, so a backend on the node itself still sees the client.
 */
export function callNodePort({ service, port, node }: NodePort, call: Call): Routing {
  const ready = readyBackends(port, call);
  const toward = packetToNode(node, port.nodePort, call);
  if (ready.length === 0) return { ...noEndpoints(service, port), ...toward };
  const isLocal = service.externalTrafficPolicy === 'Local' && !isItself(node, call);
  const backends = isLocal ? ready.filter((backend) => backend.node === node.name) : ready;
  if (backends.length === 0) return { ...noLocal(service, node.name), ...toward };
  const deliveries = backends.flatMap((backend) =>
    throughNode({ service, port, node }, backend, call),
  );
  return deliveries.length > 0 ? { kind: 'delivered', deliveries } : noFamily(service);
}

/** What a node sends to its own port is spread over all backends (kube-proxy: short-circuit). */
const isItself = (node: NodeEndpoint, { from }: Call): boolean =>
  from.every((party) => party.node === node.name && !isWorkload(party));

/** What the caller itself sends, where the node is not its own. */
function packetToNode(node: NodeEndpoint, port: number | undefined, call: Call) {
  const [packet] = node.addresses.flatMap((address) => packetTo(address, port, call) ?? []);
  return packet === undefined || packet.source.node === node.name
    ? {}
    : { toward: { packet, stoppedAt: 'target' } as const };
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
  const called = calledBy(received, [own], { port: port.nodePort, call });
  if (here) return [{ ...called, sent: received, received: seen, note: said }];
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
