import { type Cidr, contains } from '../../model/address';
import type { Flow, FlowEnd } from '../../model/flow';
import { formatEnd } from '../../model/flow';
import { impossibleEnd } from '../../model/impossible-end';
import { addressesFor, interfacesNamed } from '../../model/interface';
import type { NodeEndpoint, Service, World } from '../../model/world';
import type { Packet, Party, PartyDirectory } from '../ends/types';
import { routeEvidence } from '../hops/evidence';
import { inFamily, packetToParty, sharedFamily } from './call';
import { direct } from './delivery';
import { callExternalAddress, callForeignBalancer, externalAddressAt } from './external-address';
import { callLoadBalancer } from './load-balancer';
import { atNodeDns } from './node-dns';
import { callNodePort, nodePortAt } from './node-port';
import { onlyForNodes, stopped } from './refusal';
import { callClusterIp, callService } from './service';
import type { Delivery, LoadBalancerListener, Routing, ServiceCall } from './types';

/** Where a flow goes: names, Services, node ports and named ports resolved to packets. */
export function route(flow: Flow, directory: PartyDirectory): Routing {
  const impossible = impossibleEnd(flow, directory.world);
  if (impossible !== undefined) return stopped('no-route', formatEnd(flow.from), impossible);
  const from = directory.parties(flow.from);
  if (from === undefined) return unknownEnd(flow.from);
  const { protocol, port, icmp } = flow;
  const call: ServiceCall = { directory, from, protocol, port, ...(icmp && { icmp }) };
  if (flow.to.kind === 'service') {
    const service = directory.service(flow.to.namespace, flow.to.name);
    if (service === undefined) return unknownEnd(flow.to);
    return atNodeDns(service.clusterIps, call) ?? callService(service, call);
  }
  const to = publicly(flow, directory) ?? directory.parties(flow.to);
  if (to === undefined) return unknownEnd(flow.to);
  const cached = atNodeDns(
    to.map(({ address }) => address),
    call,
  );
  if (cached !== undefined) return cached;
  return fronted(to, call) ?? plain(to, call, flow);
}

/** The internet calls an interface by its public address: a private one is unknownEnd's there. */
function publicly({ from, to }: Flow, directory: PartyDirectory): readonly Party[] | undefined {
  if (to.kind !== 'eni') return undefined;
  const { vpcs } = directory.world;
  const own = interfacesNamed(vpcs, to.name);
  if (own.length === 0) return undefined;
  return own.flatMap((one) =>
    addressesFor(one, from, vpcs).map((address) => ({
      ...directory.at(address),
      end: to,
      eni: one.id,
    })),
  );
}

/** An address that a Service answers at: a cluster address, a load balancer's, a node's port. */
function fronted(to: readonly Party[], call: ServiceCall): Routing | undefined {
  const { world, isFront } = call.directory;
  const service = to.some(({ address }) => isFront(address)) ? atService(to, call) : undefined;
  return service ?? unallocated(to, world) ?? atNodePort(to, call);
}

function atService(to: readonly Party[], call: ServiceCall): Routing | undefined {
  const { world } = call.directory;
  const at = (addresses: Service['clusterIps'] = []): boolean =>
    to.some((party) => addresses.includes(party.address));
  const service = world.services.find((s) => at(s.clusterIps));
  if (service !== undefined) {
    return isInside(call)
      ? callClusterIp(service, inFamily(call, to[0]?.family))
      : onlyForNodes(service);
  }
  const external = externalAddressAt(to, call);
  if (external !== undefined) return callExternalAddress(external, call);
  const listener = listenerAt(to, call);
  if (listener !== undefined) return callLoadBalancer(listener, call);
  const foreign = world.services.find((s) => s.foreignClass !== undefined && at(s.proxiedVips));
  return foreign === undefined ? undefined : callForeignBalancer(foreign);
}

const isInside = ({ from }: ServiceCall): boolean => from.some(({ node }) => node !== undefined);

/** An address of the Services' block that no Service has: kube-proxy drops it, and no host has it. */
function unallocated(
  to: readonly Party[],
  { serviceBlocks, serviceCidr }: World,
): Routing | undefined {
  const within = (block: Cidr) =>
    to.find(({ address, end }) => end.kind === 'ip' && contains(block, address))?.address;
  const address = (serviceBlocks ?? [serviceCidr]).map(within).find((one) => one !== undefined);
  if (address === undefined) return undefined;
  return serviceBlocks === undefined
    ? stopped(
        'unknown',
        address,
        `no Service of the files has ${address}, and the files do not give the block of Service addresses that it seems to be in`,
      )
    : stopped(
        'no-route',
        address,
        `${address} is in the block of Service addresses, and no Service has it`,
      );
}

/** A node's own address: a Service's port there, if one has it. */
function atNodePort(to: readonly Party[], call: ServiceCall): Routing | undefined {
  const family =
    sharedFamily(
      to.map(({ address }) => address),
      call,
    ) ?? to[0]?.family;
  const node = to.map(hostNode(call.directory.node)).find((found) => found !== undefined);
  if (node === undefined || family === undefined) return undefined;
  const nodePort = nodePortAt(node, family, call);
  return nodePort === undefined ? undefined : callNodePort(nodePort, inFamily(call, family));
}

/** The port of a Service's load balancer that is called at one of its addresses. */
function listenerAt(to: readonly Party[], call: ServiceCall): LoadBalancerListener | undefined {
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
  (nodeOf: PartyDirectory['node']) =>
  (party: Party): NodeEndpoint | undefined =>
    party.node !== undefined && party.nodeLabels !== undefined ? nodeOf(party.node) : undefined;

function plain(to: readonly Party[], call: ServiceCall, flow: Flow): Routing {
  const number = namedPort(to, flow);
  if (typeof flow.port === 'string' && number === undefined) {
    return stopped(
      'unknown',
      formatEnd(flow.to),
      `${formatEnd(flow.to)} has no ${flow.protocol} port named ${flow.port}`,
    );
  }
  const packets = pairs(call.from, to).flatMap(([from, own]) =>
    own.flatMap((party) => packetToParty(party, number, { ...call, from }) ?? []).slice(0, 1),
  );
  return packets.length === 0
    ? stopped(
        'no-route',
        formatEnd(flow.to),
        `${formatEnd(flow.from)} and ${formatEnd(flow.to)} have no address family in common`,
      )
    : {
        kind: 'delivered',
        deliveries: packets.map((packet) => ({
          ...direct(packet),
          ...unusedNodePort(packet, call),
        })),
      };
}

/** The range that node ports are allocated from (kube-apiserver --service-node-port-range). */
const NODE_PORTS = { first: 30_000, last: 32_767 } as const;

/** A node's port that the range of node ports holds and no Service has: only the host may listen there. */
function unusedNodePort(
  { target: { party, port = 0, protocol } }: Packet,
  { directory: { world } }: ServiceCall,
): Pick<Delivery, 'doubt'> {
  const isInRange = NODE_PORTS.first <= port && port <= NODE_PORTS.last;
  if (party.nodeLabels === undefined || !isInRange) return {};
  const isDeclared = world.pods.some(
    ({ hostNetwork, node, ports }) =>
      hostNetwork &&
      node === party.node &&
      ports.some((one) => one.port === port && one.protocol === protocol),
  );
  const because = `no Service has node port ${port}, and the files do not say that anything on node ${party.node} listens there`;
  return isDeclared ? {} : { doubt: routeEvidence(`node ${party.node}`, because) };
}

/**
 * Every sender with every receiver. A name of several interfaces (a group of machines) means any of
 * them; the addresses of one interface are one sender or receiver.
 */
const pairs = (
  from: readonly Party[],
  to: readonly Party[],
): readonly (readonly [readonly Party[], readonly Party[]])[] =>
  byInterface(from).flatMap((sender) =>
    byInterface(to).map((receiver) => [sender, receiver] as const),
  );

const byInterface = (parties: readonly Party[]): readonly (readonly Party[])[] =>
  [...new Set(parties.map(({ eni }) => eni))].map((id) => parties.filter(({ eni }) => eni === id));

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

const unknownEnd = (end: FlowEnd): Routing =>
  stopped('unknown', formatEnd(end), `the files contain no ${formatEnd(end)}`);
