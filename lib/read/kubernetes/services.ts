import { type Cidr, familyOf, type Ip, type IpFamily, offsetIp } from '../../model/address';
import { uniqueBy } from '../../model/unique';
import type {
  Backend,
  LoadBalancer,
  Service,
  ServiceEndpoint,
  ServicePort,
} from '../../model/world';
import { complain, inside } from '../schema/at';
import { compare } from '../schema/order';
import { FIRST_BALANCER, poolFrom, serviceBlock } from './addresses';
import { balancerOf } from './balancer';
import type { ClusterEndpoints } from './endpoints';
import type { Found, Objects } from './kinds';
import type { ServiceObject } from './service';
import { type Slice, type SlicesOf, slicesBy } from './service-slices';
import type { ServicePortSpec } from './service-spec';

const FIRST_NODE_PORT = 30_000;

/** The Services with their addresses, node ports and backends. */
export function resolveServices(
  objects: Objects,
  endpoints: ClusterEndpoints,
  block: Cidr,
): readonly Service[] {
  checkClusterIps(objects.services);
  const { pods, nodes } = endpoints;
  const taken = [...nodes, ...pods.map(({ endpoint }) => endpoint)].flatMap((e) => e.addresses);
  const balancers = poolFrom(FIRST_BALANCER, new Set(taken), [block]);
  const services = objects.services
    .map(({ value }) => value)
    .sort(
      (a, b) => compare(a.meta.namespace, b.meta.namespace) || compare(a.meta.name, b.meta.name),
    );
  const context: Context = {
    families: familiesBy(services, endpoints, familyOf(block.address)),
    addresses: addressing(services, block),
    nodePort: nodePorts(services),
    marked: endpoints.marked,
    slices: slicesBy(objects, endpoints),
    balancer: (service) => balancerOf(service, () => balancers.next()),
  };
  return services.map((service) => toService(service, context));
}

interface Context {
  readonly families: (service: ServiceObject) => readonly IpFamily[];
  readonly addresses: (service: ServiceObject, families: readonly IpFamily[]) => readonly Ip[];
  readonly nodePort: () => number;
  readonly marked: boolean;
  readonly slices: SlicesOf;
  readonly balancer: (service: ServiceObject) => LoadBalancer | undefined;
}

function toService(service: ServiceObject, context: Context): Service {
  const { meta, type, headless, externalName, affinitySeconds } = service;
  const families = context.families(service);
  const loadBalancer = context.balancer(service);
  const isAlias = type === 'ExternalName';
  const slices = isAlias ? [] : context.slices(service, families);
  return {
    namespace: meta.namespace,
    name: meta.name,
    type,
    clusterIps: headless || isAlias ? [] : context.addresses(service, families),
    headless,
    ...(externalName !== undefined && { externalName }),
    ports: service.ports.map((port) => toPort(service, port, { ...context, slices: slices ?? [] })),
    internalTrafficPolicy: service.internalTrafficPolicy,
    externalTrafficPolicy: service.externalTrafficPolicy,
    ...(affinitySeconds !== undefined && { affinitySeconds }),
    ...(loadBalancer !== undefined && { loadBalancer }),
    ...(slices === undefined ? { areEndpointsUnknown: true } : { endpoints: listedIn(slices) }),
    ...outsideOf(service, loadBalancer !== undefined),
    ...(context.marked && hasUnknownVip(service) && { isVipUnknown: true as const }),
  };
}

/** A load balancer whose status is not in the input, or has no address that can be read. */
const hasUnknownVip = ({ type, balancerIps, balancerVips }: ServiceObject): boolean =>
  type === 'LoadBalancer' && balancerIps.length === 0 && balancerVips.length === 0;

/** What the Service shows to the outside beside node ports, as kube-proxy of every node serves it. */
function outsideOf(service: ServiceObject, isOfAws: boolean): Partial<Service> {
  const { externalIps, balancerIps, sourceRanges = [] } = service;
  if (service.type === 'ExternalName') return {};
  const isBalanced = service.type === 'LoadBalancer';
  const vips = isBalanced ? [...new Set(service.balancerVips)] : [];
  const proxied = isBalanced ? balancerIps.filter((one) => !vips.includes(one)) : [];
  return {
    ...(externalIps.length > 0 && { externalIps }),
    ...(vips.length > 0 && { balancerVips: vips }),
    ...(proxied.length > 0 && { proxiedVips: proxied }),
    ...(isBalanced && !isOfAws && { foreignClass: service.loadBalancerClass ?? '' }),
    ...(isBalanced && sourceRanges.length > 0 && { sourceRanges }),
  };
}

function toPort(
  service: ServiceObject,
  { name, protocol = 'TCP', port: number, nodePort }: ServicePortSpec,
  {
    nodePort: next,
    marked,
    slices,
  }: Pick<Context, 'nodePort' | 'marked'> & { readonly slices: readonly Slice[] },
): ServicePort {
  const allocates =
    service.type === 'NodePort' || (service.type === 'LoadBalancer' && service.allocatesNodePorts);
  const onNodes = nodePort || (allocates ? next() : undefined);
  const port = { ...(name !== undefined && { name }), protocol, port: number };
  return {
    ...port,
    ...(onNodes !== undefined && { nodePort: onNodes }),
    ...(marked && allocates && !nodePort && { assumedNodePort: true as const }),
    backends: onceEach(slices.flatMap((slice) => backendsIn(slice, port))),
  };
}

/** An address and port that two slices list is one backend; it is ready where one of them says so. */
function onceEach(backends: readonly Backend[]): readonly Backend[] {
  const keyOf = ({ address, port }: Backend): string => `${address} ${port}`;
  const ready = new Set(backends.filter((one) => one.ready).map(keyOf));
  return uniqueBy(
    backends.filter((one) => one.ready || !ready.has(keyOf(one))),
    keyOf,
  );
}

/**
 * The endpoints of a slice for a Service's port: the slice's port of the same name and protocol. One
 * without a number is ignored (k8s pkg/proxy/endpointslicecache.go).
 */
function backendsIn(
  slice: Slice,
  { name = '', protocol }: Pick<ServicePort, 'name' | 'protocol'>,
): readonly Backend[] {
  const match = slice.ports.find(
    (one) => (one.name ?? '') === name && (one.protocol ?? 'TCP') === protocol,
  );
  if (!match?.port) return [];
  const { port } = match;
  return slice.endpoints.flatMap(({ addresses, ready, serving, terminating, ...one }) =>
    addresses.map(
      (address): Backend => ({
        address,
        port,
        ready,
        ...(one.node !== undefined && { node: one.node }),
        ...(!ready && serving && terminating && { draining: true as const }),
        ...(one.zoneHints !== undefined && { zoneHints: one.zoneHints }),
        ...(one.nodeHints !== undefined && { nodeHints: one.nodeHints }),
      }),
    ),
  );
}

/** Every endpoint with the ports of its slice, for DNS. */
const listedIn = (slices: readonly Slice[]): readonly ServiceEndpoint[] =>
  slices.flatMap(({ ports, endpoints }) => {
    const read = ports.map(({ name, protocol = 'TCP', port }) => ({
      ...(name !== undefined && { name }),
      protocol,
      ...(port !== undefined && { port }),
    }));
    return endpoints.flatMap(({ addresses, ready, hostname }) =>
      addresses.map(
        (address): ServiceEndpoint => ({
          address,
          ready,
          ...(hostname !== undefined && { hostname }),
          ports: read,
        }),
      ),
    );
  });

/**
 * The families of a Service: those of its cluster addresses, else those it names, else the cluster's
 * first; both where it asks for both and the cluster has both (Kubernetes, "IPv4/IPv6 dual-stack").
 */
function familiesBy(
  services: readonly ServiceObject[],
  { pods, nodes }: ClusterEndpoints,
  cluster: IpFamily,
): (service: ServiceObject) => readonly IpFamily[] {
  const hasBoth = (addresses: readonly Ip[]): boolean => new Set(addresses.map(familyOf)).size > 1;
  const isDual =
    services.some(({ clusterIps }) => hasBoth(clusterIps)) ||
    nodes.some(({ addresses }) => hasBoth(addresses)) ||
    pods.some(({ endpoint }) => hasBoth(endpoint.addresses));
  return ({ clusterIps, ipFamilies, ipFamilyPolicy, headless, selector }) => {
    const isOpen = headless && Object.keys(selector).length === 0 && ipFamilyPolicy === undefined;
    const named = ipFamilies.length > 0 ? ipFamilies : [cluster];
    const first = clusterIps.length > 0 ? [...new Set(clusterIps.map(familyOf))] : named;
    const wantsBoth =
      ipFamilyPolicy === 'RequireDualStack' ||
      (isDual && (ipFamilyPolicy === 'PreferDualStack' || isOpen));
    return wantsBoth ? [...new Set<IpFamily>([...first, 4, 6])] : first;
  };
}

/** Cluster addresses as written, or the next free ones; .1 and .10 are where people expect them. */
function addressing(services: readonly ServiceObject[], block: Cidr): Context['addresses'] {
  const [api, dns] = [offsetIp(block.address, 1), offsetIp(block.address, 10)];
  const given = new Set(services.flatMap((service) => service.clusterIps));
  const own = familyOf(block.address);
  const other = serviceBlock(
    [...given].filter((one) => familyOf(one) !== own),
    own === 4 ? 6 : 4,
  );
  const pools = new Map(
    [block, other].map(({ address }) => {
      const first = offsetIp(address, 11);
      return [familyOf(address), poolFrom(first, new Set<Ip>([api, dns, ...given]))] as const;
    }),
  );
  const usual = new Map([
    ['default/kubernetes', api],
    ['kube-system/kube-dns', dns],
  ]);
  return ({ clusterIps, meta }, families) => {
    const expected = usual.get(`${meta.namespace}/${meta.name}`);
    const missing = families.filter((one) => !clusterIps.some((ip) => familyOf(ip) === one));
    const made = missing.flatMap((family) =>
      expected !== undefined && family === own && !given.has(expected)
        ? [expected]
        : (pools.get(family)?.next() ?? []),
    );
    return [...clusterIps, ...made];
  };
}

function nodePorts(services: readonly ServiceObject[]): () => number {
  const taken = new Set(services.flatMap(({ ports }) => ports.map((port) => port.nodePort)));
  let next = FIRST_NODE_PORT;
  return () => {
    while (taken.has(next)) next += 1;
    return next++;
  };
}

function checkClusterIps(services: readonly Found<ServiceObject>[]): void {
  const holders = new Map<Ip, string>();
  for (const { at, value } of services) {
    for (const address of value.clusterIps) {
      const holder = holders.get(address);
      if (holder !== undefined) {
        const place = inside(inside(at, 'spec'), 'clusterIP');
        complain(place, `${address} is also the address of service ${holder}`, 'change one');
      }
      holders.set(address, `${value.meta.namespace}/${value.meta.name}`);
    }
  }
}
