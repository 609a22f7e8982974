import { familyOf, type IpFamily } from '../../model/address';
import { matches } from '../../model/selector';
import type { NodeEndpoint } from '../../model/world';
import { toSelector } from '../policies/label-selector';
import { groupBy } from '../schema/order';
import type { EndpointSliceObject, SliceEndpoint, SlicePort } from './endpoint-slice';
import type { ClusterEndpoints, PlacedPod } from './endpoints';
import type { Objects } from './kinds';
import { isMirrored } from './mirrored-endpoints';
import type { ServiceObject } from './service';
import type { ServicePortSpec } from './service-spec';

/** Endpoints that have the same ports. */
export type Slice = Pick<EndpointSliceObject, 'ports' | 'endpoints'>;

/** The EndpointSlices of a Service; `undefined` where no file says what is behind it. */
export type SlicesOf = (
  service: ServiceObject,
  families: readonly IpFamily[],
) => readonly Slice[] | undefined;

const ZONE_LABEL = 'topology.kubernetes.io/zone';

/**
 * The EndpointSlices that a cluster has: those of the EndpointSlice controller from the Service's
 * selector, those of the mirroring controller from `v1` Endpoints, and every other one with the
 * Service's label. Where files hold the controller's own, as in a dump, these are taken as they are.
 */
export function slicesBy(objects: Objects, { pods, nodes }: ClusterEndpoints): SlicesOf {
  const inNamespace = groupBy(pods, (pod) => pod.endpoint.namespace);
  const zones = zonesOf(nodes);
  const written = groupBy(
    objects.endpointSlices.map(({ value }) => value),
    ({ meta, service }) => `${meta.namespace}/${service}`,
  );
  const mirrored = new Map(
    objects.endpoints.map(({ value }) => [`${value.meta.namespace}/${value.meta.name}`, value]),
  );
  return (service, families) => {
    const { namespace, name } = service.meta;
    const own = written.get(`${namespace}/${name}`) ?? [];
    if (Object.keys(service.selector).length === 0) {
      const source = mirrored.get(`${namespace}/${name}`);
      const isListed = source !== undefined && isMirrored(source.meta);
      return own.length === 0 && !isListed ? undefined : [...own, ...(source?.subsets ?? [])];
    }
    if (own.some(({ isManaged }) => isManaged)) return own;
    const selector = toSelector({ matchLabels: service.selector });
    const selected = (inNamespace.get(namespace) ?? [])
      .filter((pod) => matches(selector, pod.ownLabels))
      .map((pod) => sliceOf(pod, service, { families, zones }));
    return [...selected, ...own];
  };
}

const zonesOf = (nodes: readonly NodeEndpoint[]): ReadonlyMap<string, string> =>
  new Map(
    nodes.flatMap(({ name, labels }) => {
      const zone = labels[ZONE_LABEL];
      return zone === undefined ? [] : [[name, zone] as const];
    }),
  );

/** One pod as the EndpointSlice controller lists it (k8s.io/endpointslice: podToEndpoint). */
function sliceOf(
  pod: PlacedPod,
  service: ServiceObject,
  at: {
    readonly families: readonly IpFamily[];
    readonly zones: ReadonlyMap<string, string>;
  },
): Slice {
  const { endpoint, isServing, isTerminating, hostname, subdomain } = pod;
  const addresses = endpoint.addresses.filter((one) => at.families.includes(familyOf(one)));
  const isNamed = hostname !== undefined && subdomain === service.meta.name;
  const ready = service.publishNotReady || (isServing && !isTerminating);
  const listed: SliceEndpoint = {
    addresses,
    ready,
    serving: isServing,
    terminating: isTerminating,
    node: endpoint.node,
    ...(isNamed && { hostname }),
    ...(ready && hintsFor(service, endpoint.node, at.zones.get(endpoint.node))),
  };
  return { ports: portsOf(pod, service), endpoints: addresses.length === 0 ? [] : [listed] };
}

/** A port whose name no container of the pod has is left out; the pod stays. */
const portsOf = ({ endpoint }: PlacedPod, { ports }: ServiceObject): readonly SlicePort[] =>
  ports.flatMap((port): SlicePort[] => {
    const { name, protocol = 'TCP' } = port;
    const number = targetOf(port, endpoint.ports);
    if (number === undefined) return [];
    return [{ ...(name !== undefined && { name }), protocol, port: number }];
  });

function targetOf(
  { protocol = 'TCP', port, targetPort = port }: ServicePortSpec,
  declared: PlacedPod['endpoint']['ports'],
): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  return declared.find((one) => one.name === targetPort && one.protocol === protocol)?.port;
}

/**
 * Hints for `trafficDistribution` (k8s.io/endpointslice/trafficdist). The annotation for topology-aware
 * routing takes precedence, and its hints depend on the nodes' sizes: without slices they are unknown.
 */
function hintsFor(
  { trafficDistribution, meta }: ServiceObject,
  node: string,
  zone: string | undefined,
): Partial<SliceEndpoint> {
  const mode = meta.annotations['service.kubernetes.io/topology-mode'];
  const former = meta.annotations['service.kubernetes.io/topology-aware-hints'];
  const isAuto = ['Auto', 'auto'].includes(former ?? mode ?? '');
  if (trafficDistribution === undefined || isAuto) return {};
  return {
    ...(zone !== undefined && { zoneHints: [zone] }),
    ...(trafficDistribution === 'PreferSameNode' && { nodeHints: [node] }),
  };
}
