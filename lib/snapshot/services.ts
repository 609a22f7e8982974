import { type Cidr, familyOf, type Ip, type IpFamily, offsetIp } from '../model/address';
import { matches } from '../model/selector';
import type { Backend, Service, ServicePort } from '../model/world';
import { FIRST_BALANCER, poolFrom } from './addresses';
import { complain, inside } from './at';
import { balancerOf } from './balancer';
import type { EndpointSliceObject } from './endpoint-slice';
import type { ClusterEndpoints, PlacedPod } from './endpoints';
import type { Found, Objects } from './kinds';
import { toSelector } from './label-selector';
import { compare, groupBy } from './order';
import type { ServiceObject, ServicePortSpec } from './service';

const FIRST_NODE_PORT = 30_000;

/** The Services with their addresses, node ports and backends. */
export function resolveServices(
  objects: Objects,
  { pods, nodes }: ClusterEndpoints,
  block: Cidr,
): readonly Service[] {
  checkClusterIps(objects.services);
  const taken = [...nodes, ...pods.map(({ endpoint }) => endpoint)].flatMap((e) => e.addresses);
  const balancers = poolFrom(FIRST_BALANCER, new Set(taken), [block]);
  const services = objects.services
    .map(({ value }) => value)
    .sort(
      (a, b) => compare(a.meta.namespace, b.meta.namespace) || compare(a.meta.name, b.meta.name),
    );
  const address = addressing(services, block);
  const nodePort = nodePorts(services);
  const behind = backendsBy(objects, pods, familyOf(block.address));
  return services.map((service) => {
    const { meta, type, ports } = service;
    const opensNodes = type === 'NodePort' || type === 'LoadBalancer';
    const { headless, externalName, affinitySeconds } = service;
    const loadBalancer = balancerOf(service, () => balancers.next());
    return {
      namespace: meta.namespace,
      name: meta.name,
      type,
      clusterIps: address(service),
      headless,
      ...(externalName !== undefined && { externalName }),
      ports: ports.map((port): ServicePort => {
        const { name, protocol = 'TCP', port: number } = port;
        return {
          ...(name !== undefined && { name }),
          protocol,
          port: number,
          ...(opensNodes && { nodePort: port.nodePort || nodePort() }),
          backends: behind(service, port),
        };
      }),
      internalTrafficPolicy: service.internalTrafficPolicy,
      externalTrafficPolicy: service.externalTrafficPolicy,
      ...(affinitySeconds !== undefined && { affinitySeconds }),
      ...(loadBalancer !== undefined && { loadBalancer }),
    };
  });
}

/** Cluster addresses as written, or the next free ones; .1 and .10 are where people expect them. */
function addressing(
  services: readonly ServiceObject[],
  block: Cidr,
): (service: ServiceObject) => readonly Ip[] {
  const api = offsetIp(block.address, 1);
  const dns = offsetIp(block.address, 10);
  const taken = new Set<Ip>([api, dns, ...services.flatMap((service) => service.clusterIps)]);
  const pool = poolFrom(offsetIp(block.address, 11), taken);
  const given = new Set(services.flatMap((service) => service.clusterIps));
  const usual = new Map([
    ['default/kubernetes', api],
    ['kube-system/kube-dns', dns],
  ]);
  return ({ type, headless, clusterIps, meta }) => {
    if (headless || type === 'ExternalName') return [];
    if (clusterIps.length > 0) return clusterIps;
    const expected = usual.get(`${meta.namespace}/${meta.name}`);
    return [expected !== undefined && !given.has(expected) ? expected : pool.next()];
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

/** What stands behind a port: the pods it selects, or without a selector what slices say. */
function backendsBy(
  { endpointSlices }: Objects,
  pods: readonly PlacedPod[],
  cluster: IpFamily,
): (service: ServiceObject, port: ServicePortSpec) => readonly Backend[] {
  const inNamespace = groupBy(pods, (pod) => pod.endpoint.namespace);
  const slices = groupBy(
    endpointSlices.map(({ value }) => value),
    ({ meta, service }) => `${meta.namespace}/${service}`,
  );
  return (service, port) => {
    const { namespace, name } = service.meta;
    if (service.type === 'ExternalName') return [];
    const families = familiesOf(service, cluster);
    if (Object.keys(service.selector).length === 0) {
      return (slices.get(`${namespace}/${name}`) ?? []).flatMap((slice) =>
        writtenDown(slice, port),
      );
    }
    const selector = toSelector({ matchLabels: service.selector });
    return (inNamespace.get(namespace) ?? [])
      .filter((pod) => matches(selector, pod.ownLabels))
      .flatMap((pod) => selected(pod, port, service))
      .filter(({ address }) => families.includes(familyOf(address)));
  };
}

function selected(
  { endpoint: pod }: PlacedPod,
  port: ServicePortSpec,
  service: ServiceObject,
): Backend[] {
  const { protocol = 'TCP', targetPort = port.port } = port;
  const number =
    typeof targetPort === 'number'
      ? targetPort
      : pod.ports.find((one) => one.name === targetPort && one.protocol === protocol)?.port;
  if (number === undefined) return [];
  const ready = pod.ready || service.publishNotReady;
  return pod.addresses.map((address) => ({ address, port: number, ready, node: pod.node }));
}

/**
 * The EndpointSlice controller makes slices of the Service's own families alone: those of its
 * cluster addresses, else those it names, else the cluster's (Kubernetes, "IPv4/IPv6 dual-stack").
 */
const familiesOf = (
  { clusterIps, ipFamilies }: ServiceObject,
  cluster: IpFamily,
): readonly IpFamily[] => {
  if (clusterIps.length > 0) return clusterIps.map(familyOf);
  return ipFamilies.length > 0 ? ipFamilies : [cluster];
};

/** A slice's port belongs to the Service's port of the same name (none counts as empty). */
function writtenDown(slice: EndpointSliceObject, port: ServicePortSpec): Backend[] {
  const { protocol = 'TCP', name = '' } = port;
  const match = slice.ports.find(
    (one) => (one.name ?? '') === name && (one.protocol ?? 'TCP') === protocol,
  );
  if (match === undefined) return [];
  return slice.endpoints.flatMap(({ addresses, ready, node }) =>
    addresses.map((address) => ({
      address,
      port: match.port ?? port.port,
      ready,
      ...(node !== undefined && { node }),
    })),
  );
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
