import type { Flow, FlowEnd } from '../model/flow';
import { formatEnd } from '../model/flow';
import { addressesFor, interfaceNamed } from '../model/interface';
import type { NodeEndpoint, Service } from '../model/world';
import { type Call, inFamily, packetToParty, sharedFamily } from './call';
import { direct, type Routing, stopped } from './delivery';
import type { Directory } from './directory';
import { callLoadBalancer, type Listener } from './load-balancer';
import { callNodePort, nodePortAt } from './node-port';
import type { Party } from './party';
import { callClusterIp, callService } from './service';

/** Where a flow goes: names, Services, node ports and named ports resolved to packets. */
export function route(flow: Flow, directory: Directory): Routing {
  const from = directory.parties(flow.from);
  if (from === undefined) return nobody(flow.from);
  const call: Call = { directory, from, protocol: flow.protocol, port: flow.port };
  if (flow.to.kind === 'service') {
    const service = serviceOf(directory, flow.to);
    return service === undefined ? nobody(flow.to) : callService(service, call);
  }
  const to = publicly(flow, directory) ?? directory.parties(flow.to);
  if (to === undefined) return nobody(flow.to);
  return fronted(to, call) ?? plain(to, call, flow);
}

/** The internet calls an interface by its public address: a private one is nobody's there. */
function publicly({ from, to }: Flow, directory: Directory): readonly Party[] | undefined {
  if (to.kind !== 'eni') return undefined;
  const own = interfaceNamed(directory.world.vpcs, to.name);
  return own && addressesFor(own, from).map((address) => ({ ...directory.at(address), end: to }));
}

/** An address that a Service answers at: a cluster address, a load balancer's, a node's port. */
function fronted(to: readonly Party[], call: Call): Routing | undefined {
  const { world, node: nodeOf } = call.directory;
  const at = (addresses: Service['clusterIps']): boolean =>
    to.some((party) => addresses.includes(party.address));
  const service = world.services.find((s) => at(s.clusterIps));
  if (service !== undefined) return callClusterIp(service, inFamily(call, to[0]?.family));
  const listener = listenerAt(to, call);
  if (listener !== undefined) return callLoadBalancer(listener, call);
  const family =
    sharedFamily(
      to.map(({ address }) => address),
      call,
    ) ?? to[0]?.family;
  const node = to.map(hostNode(nodeOf)).find((found) => found !== undefined);
  if (node === undefined || family === undefined) return undefined;
  const nodePort = nodePortAt(node, family, call);
  return nodePort === undefined ? undefined : callNodePort(nodePort, inFamily(call, family));
}

/** The port of a Service's load balancer that is called at one of its addresses. */
function listenerAt(to: readonly Party[], call: Call): Listener | undefined {
  for (const service of call.directory.world.services) {
    const { loadBalancer: balancer, ports } = service;
    const address = balancer?.addresses.find((one) => to.some((party) => party.address === one));
    const port = ports.find((p) => p.protocol === call.protocol && p.port === call.port);
    if (balancer === undefined || address === undefined) continue;
    return port === undefined ? undefined : { service, port, address, balancer };
  }
  return undefined;
}

const hostNode =
  (nodeOf: Directory['node']) =>
  (party: Party): NodeEndpoint | undefined =>
    party.node !== undefined && party.nodeLabels !== undefined ? nodeOf(party.node) : undefined;

function plain(to: readonly Party[], call: Call, flow: Flow): Routing {
  const number = namedPort(to, flow);
  if (typeof flow.port === 'string' && number === undefined) {
    return stopped('unknown', formatEnd(flow.to), {
      because: `${formatEnd(flow.to)} has no ${flow.protocol} port named ${flow.port}`,
    });
  }
  const [packet] = to.flatMap((party) => packetToParty(party, number, call) ?? []);
  return packet === undefined
    ? stopped('no-route', formatEnd(flow.to), {
        because: `${formatEnd(flow.from)} and ${formatEnd(flow.to)} have no address family in common`,
      })
    : { kind: 'delivered', deliveries: [direct(packet)] };
}

/** The number that a port means at these parties; `undefined` for ICMP and for names they lack. */
export function namedPort(
  parties: readonly Party[],
  { protocol, port }: Pick<Flow, 'protocol' | 'port'>,
): number | undefined {
  if (protocol === 'ICMP') return undefined;
  if (typeof port !== 'string') return port;
  const ports = parties.flatMap((party) => party.pod?.ports ?? []);
  return ports.find((p) => p.name === port && p.protocol === protocol)?.port;
}

const serviceOf = (
  { world }: Directory,
  end: Extract<FlowEnd, { readonly kind: 'service' }>,
): Service | undefined =>
  world.services.find((s) => s.namespace === end.namespace && s.name === end.name);

const nobody = (end: FlowEnd): Routing =>
  stopped('unknown', formatEnd(end), {
    because: `nothing in these files is called ${formatEnd(end)}`,
  });
