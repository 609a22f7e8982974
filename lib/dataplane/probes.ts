import { familyOf, type Ip, ip } from '../model/address';
import { followAlias, hasClusterDns } from '../model/cluster-names';
import type { Flow, FlowEnd } from '../model/flow';
import { formatEnd } from '../model/flow';
import { addressesFor, interfaceNamed } from '../model/interface';
import { Failure } from '../model/problem';
import { backendsOnNode, endpointsOfService } from '../model/service-endpoints';
import type { Endpoint, PodEndpoint, Service, ServicePort, World } from '../model/world';
import { netnsOf, ownerOf } from './commands/names';
import type { Probe } from './probe';
import { interfaceNetns, netnsAt } from './vpc/places';

/** RFC 7600: an address that no host ever has; what a name without addresses leads to. */
const NOWHERE = ip('192.0.0.8');

/**
 * The attempt that a flow asks for: where to stand and what to send. A Service is called at its
 * cluster address (headless: at its first ready backend; from outside: at its load balancer or a
 * node's port), a named port at its number.
 *
 * @throws Failure if the world does not contain the end or the port.
 */
export function probeOf(world: World, flow: Flow): Probe {
  const origin = originOf(world, flow.from);
  const target = targetOf(world, flow);
  const usable = target.addresses.filter((address) => canReach(origin.addresses, address));
  const destination = usable[0] ?? target.addresses[0] ?? NOWHERE;
  const source =
    origin.bound.find((address) => familyOf(address) === familyOf(destination)) ?? origin.bound[0];
  return {
    netns: origin.netns,
    ...(source === undefined ? {} : { source }),
    destination,
    protocol: flow.protocol,
    port: target.port,
  };
}

const canReach = (own: readonly Ip[], address: Ip): boolean =>
  own.some((one) => familyOf(one) === familyOf(address));

interface Origin {
  readonly netns: string;
  readonly addresses: readonly Ip[];
  /** Addresses to bind: those a person named; otherwise the kernel chooses. */
  readonly bound: readonly Ip[];
}

function originOf(world: World, from: FlowEnd): Origin {
  if (from.kind === 'service') {
    throw unknownEnd(from, 'a Service sends nothing: name one of its pods');
  }
  if (from.kind === 'eni') {
    const { id, addresses, owner } = interfaceOf(world, from);
    const [own = NOWHERE] = addresses;
    // Another VPC may have the same address: a machine has a namespace of its own.
    const netns = owner.kind === 'resource' ? interfaceNetns(id) : netnsAt(world, own);
    return { netns, addresses, bound: [] };
  }
  if (from.kind !== 'ip') {
    const endpoint = endpointOf(world, from);
    return { netns: netnsOf(endpoint), addresses: endpoint.addresses, bound: [] };
  }
  const netns = netnsAt(world, from.address);
  return { netns, addresses: [from.address], bound: [from.address] };
}

interface Target {
  readonly addresses: readonly Ip[];
  readonly port: number;
}

function targetOf(world: World, flow: Flow): Target {
  const { to } = flow;
  switch (to.kind) {
    case 'service':
      return serviceTarget(world, serviceOf(world, to), flow);
    case 'ip': {
      const owner = ownerOf(world, to.address);
      return { addresses: [to.address], port: portOf(owner, flow) };
    }
    case 'eni': {
      const addresses = addressesFor(interfaceOf(world, to), flow.from);
      return { addresses, port: portOf(undefined, flow) };
    }
    case 'pod':
    case 'node':
    case 'internet': {
      const endpoint = endpointOf(world, to);
      return { addresses: endpoint.addresses, port: portOf(endpoint, flow) };
    }
  }
}

function serviceTarget(world: World, service: Service, flow: Flow): Target {
  const port = service.ports.find(
    (one) => one.protocol === flow.protocol && (one.port === flow.port || one.name === flow.port),
  );
  if (port === undefined && typeof flow.port === 'string') throw unknownPort(flow);
  const number = port?.port ?? (typeof flow.port === 'number' ? flow.port : 0);
  const dialed = port === undefined ? undefined : endpointDialed(world, flow.from, port);
  if (dialed !== undefined) return dialed;
  if (isOutside(world, flow.from)) return fromOutside(world, service, { port, number });
  if (service.type === 'ExternalName') return aliasTarget(world, service, flow);
  if (!service.headless) return { addresses: service.clusterIps, port: number };
  // DNS gives a headless Service's ready endpoints, and a client uses the ports of the pods.
  if (!resolvesNames(world, flow.from)) return { addresses: [], port: number };
  const ready = endpointsOfService(service).filter((one) => one.ready);
  return { addresses: ready.map(({ address }) => address), port: number };
}

/** The API server of EKS resolves a Service to its endpoints itself, and connects to one of them. */
function endpointDialed(
  world: World,
  from: FlowEnd,
  { backends }: ServicePort,
): Target | undefined {
  const own = from.kind === 'eni' ? interfaceNamed(world.vpcs, from.name) : undefined;
  const [first] = backends.filter(({ ready }) => ready);
  if (own?.owner.kind !== 'control-plane' || first === undefined) return undefined;
  const same = backends.filter((one) => one.ready && one.port === first.port);
  return { addresses: same.map(({ address }) => address), port: first.port };
}

/** An ExternalName is what it stands for: a Service of the cluster's own, or a host outside. */
function aliasTarget(world: World, service: Service, flow: Flow): Target {
  const target = resolvesNames(world, flow.from) ? followAlias(service, world) : undefined;
  if (target?.kind === 'service') return serviceTarget(world, target.service, flow);
  const port = typeof flow.port === 'number' ? flow.port : 0;
  return { addresses: target?.addresses ?? [], port };
}

function resolvesNames(world: World, end: FlowEnd): boolean {
  const owner = end.kind === 'ip' ? ownerOf(world, end.address) : find(world, end);
  return owner?.kind === 'pod' && hasClusterDns(owner, world);
}

/** Is the end outside the cluster, where cluster addresses mean nothing? */
function isOutside(world: World, end: FlowEnd): boolean {
  if (end.kind === 'internet' || end.kind === 'eni') return true;
  return end.kind === 'ip' && (ownerOf(world, end.address)?.kind ?? 'outside') === 'outside';
}

/** From outside a Service is its load balancer, else its port at a node that takes it. */
function fromOutside(
  world: World,
  service: Service,
  { port, number }: { readonly port: ServicePort | undefined; readonly number: number },
): Target {
  if (service.loadBalancer !== undefined) {
    return { addresses: service.loadBalancer.addresses, port: number };
  }
  const application = applicationAt(world, service, number);
  if (application !== undefined) return { addresses: application, port: number };
  const [shown] = [...(service.balancerVips ?? []), ...(service.externalIps ?? [])];
  if (shown !== undefined) return { addresses: [shown], port: number };
  if (port?.nodePort === undefined) return { addresses: service.clusterIps, port: number };
  const takes = world.nodes.filter(
    (node) =>
      service.externalTrafficPolicy === 'Cluster' ||
      backendsOnNode(port.backends, node).local.length > 0,
  );
  const [first] = takes.length > 0 ? takes : world.nodes;
  return { addresses: first?.addresses ?? [], port: port.nodePort };
}

/** The addresses of an application load balancer that listens on a port for a Service. */
const applicationAt = (world: World, { namespace, name }: Service, port: number) =>
  world.http?.proxies
    .flatMap(({ balancer }) => balancer ?? [])
    .find(({ targets }) =>
      targets.some(
        (one) => one.namespace === namespace && one.service === name && one.from.includes(port),
      ),
    )?.addresses;

function portOf(endpoint: Endpoint | undefined, flow: Flow): number {
  if (flow.port === undefined || flow.protocol === 'ICMP') return 0;
  if (typeof flow.port === 'number') return flow.port;
  const ports = endpoint === undefined || endpoint.kind === 'node' ? [] : endpoint.ports;
  const named = ports.find((port) => port.name === flow.port && port.protocol === flow.protocol);
  if (named === undefined) throw unknownPort(flow);
  return named.port;
}

function interfaceOf(world: World, end: Extract<FlowEnd, { readonly kind: 'eni' }>) {
  const found = interfaceNamed(world.vpcs, end.name);
  if (found === undefined) throw unknownEnd(end, 'name one that the templates define');
  return found;
}

type HostEnd = Exclude<FlowEnd, { readonly kind: 'service' | 'ip' | 'eni' }>;

function endpointOf(world: World, end: HostEnd): Endpoint {
  const found = find(world, end);
  if (found === undefined) throw unknownEnd(end, 'name one that the manifests define');
  return found;
}

function find(world: World, end: FlowEnd): Endpoint | undefined {
  switch (end.kind) {
    case 'service':
    case 'eni':
    case 'ip':
      return undefined;
    case 'pod':
      return world.pods.find(
        (pod: PodEndpoint) => pod.namespace === end.namespace && pod.name === end.name,
      );
    case 'node':
      return world.nodes.find(({ name }) => name === end.name);
    case 'internet':
      return world.outside.find(({ name }) => name === 'internet') ?? world.outside[0];
  }
}

function serviceOf(world: World, end: Extract<FlowEnd, { readonly kind: 'service' }>): Service {
  const found = world.services.find(
    ({ namespace, name }) => namespace === end.namespace && name === end.name,
  );
  if (found === undefined) throw unknownEnd(end, 'name one that the manifests define');
  return found;
}

const unknownEnd = (end: FlowEnd, fix: string): Failure =>
  new Failure('unknown-end', `'${formatEnd(end)}' does not exist`, fix);

const unknownPort = ({ to, protocol, port }: Flow): Failure =>
  new Failure(
    'unknown-port',
    `'${formatEnd(to)}' has no ${protocol} port called '${port}'`,
    'use a name its ports have, or a number',
  );
