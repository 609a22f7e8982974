import { familyOf, type Ip, ip } from '../model/address';
import type { Flow, FlowEnd } from '../model/flow';
import { formatEnd } from '../model/flow';
import { addressesFor, interfaceNamed } from '../model/interface';
import { Failure } from '../model/problem';
import type { Endpoint, PodEndpoint, Service, ServicePort, World } from '../model/world';
import { netnsOf, ownerOf } from './names';
import type { Probe } from './probe';
import { netnsAt } from './vpc-places';

/** RFC 7600: an address that no host ever has; what a name without addresses leads to. */
const NOWHERE = ip('192.0.0.8');

/**
 * The attempt that a flow asks for: where to stand and what to send. A Service is called at its
 * cluster address (headless: at its first ready backend; from outside: at its load balancer or a
 * node's port), a named port at its number.
 *
 * @throws Failure where the world knows no such end or no such port.
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
    const { addresses } = interfaceOf(world, from);
    const [own = NOWHERE] = addresses;
    return { netns: netnsAt(world, own), addresses, bound: [] };
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
  if (isOutside(world, flow.from)) return fromOutside(world, service, { port, number });
  if (service.type === 'ExternalName') return aliasTarget(world, service, flow);
  if (!service.headless) return { addresses: service.clusterIps, port: number };
  // DNS gives a headless Service's ready backends, and whoever calls it uses their own ports.
  const ready = service.ports.flatMap(({ backends }) => backends).filter((one) => one.ready);
  return { addresses: ready.map(({ address }) => address), port: number };
}

/** An ExternalName is what it stands for: a Service of the cluster's own, or a host outside. */
function aliasTarget(world: World, { externalName }: Service, flow: Flow): Target {
  const own = world.services.find(
    ({ namespace, name }) => externalName === `${name}.${namespace}.svc.${world.clusterDomain}`,
  );
  if (own !== undefined && own.type !== 'ExternalName') return serviceTarget(world, own, flow);
  const outside = world.outside.find(({ name }) => name === externalName);
  return {
    addresses: outside?.addresses ?? [],
    port: typeof flow.port === 'number' ? flow.port : 0,
  };
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
  if (port?.nodePort === undefined) return { addresses: service.clusterIps, port: number };
  const nodes = new Set(port.backends.filter(({ ready }) => ready).map(({ node }) => node));
  const takes = world.nodes.filter(
    ({ name }) => service.externalTrafficPolicy === 'Cluster' || nodes.has(name),
  );
  const [first] = takes.length > 0 ? takes : world.nodes;
  return { addresses: first?.addresses ?? [], port: port.nodePort };
}

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

function find(world: World, end: HostEnd): Endpoint | undefined {
  switch (end.kind) {
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
  new Failure('unknown-end', `nothing is called '${formatEnd(end)}'`, fix);

const unknownPort = ({ to, protocol, port }: Flow): Failure =>
  new Failure(
    'unknown-port',
    `'${formatEnd(to)}' has no ${protocol} port called '${port}'`,
    'use a name its ports have, or a number',
  );
