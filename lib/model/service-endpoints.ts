import { uniqueBy } from './unique';
import type { Backend, NodeEndpoint, Service, ServiceEndpoint, ServicePort } from './world';

/** The backends of a Service's port that one node uses, all of one address family. */
export interface NodeBackends {
  /** For traffic policy `Cluster`. */
  readonly cluster: readonly Backend[];
  /** For traffic policy `Local`. */
  readonly local: readonly Backend[];
  /** Any node has a usable one: without it kube-proxy rejects, with it a `Local` policy drops. */
  readonly isServed: boolean;
}

const ZONE_LABEL = 'topology.kubernetes.io/zone';

const usable = (backends: readonly Backend[]): readonly Backend[] => {
  const ready = backends.filter((backend) => backend.ready);
  return ready.length > 0 ? ready : backends.filter(isDraining);
};

const isDraining = ({ ready, draining }: Backend): boolean => !ready && draining === true;

/**
 * The backends that kube-proxy of a node uses (kubernetes pkg/proxy/topology.go, CategorizeEndpoints):
 * the ready ones, else those that still serve while they terminate, for the whole cluster and for the
 * node alone. Hints of node or zone count where every ready backend has one and one is for this node.
 */
export function backendsOnNode(
  backends: readonly Backend[],
  node: Pick<NodeEndpoint, 'name' | 'labels'> | undefined,
): NodeBackends {
  const zone = node?.labels[ZONE_LABEL];
  const ready = backends.filter((backend) => backend.ready);
  const near = hinted(ready, 'nodeHints', node?.name) ?? hinted(ready, 'zoneHints', zone);
  return {
    cluster: near ?? usable(backends),
    local: node === undefined ? [] : usable(backends.filter((one) => one.node === node.name)),
    isServed: usable(backends).length > 0,
  };
}

function hinted(
  ready: readonly Backend[],
  hint: 'nodeHints' | 'zoneHints',
  place: string | undefined,
): readonly Backend[] | undefined {
  const has = (backend: Backend): boolean => (backend[hint] ?? []).length > 0;
  if (place === undefined || !ready.every(has)) return undefined;
  const near = ready.filter((backend) => backend[hint]?.includes(place) === true);
  return near.length === 0 ? undefined : near;
}

/** The endpoints of a Service as DNS reads them. */
export function endpointsOfService({ endpoints, ports }: Service): readonly ServiceEndpoint[] {
  if (endpoints !== undefined) return endpoints;
  const listed = ports.flatMap((port) => port.backends.map((backend) => ({ port, backend })));
  return uniqueBy(listed, ({ backend }) => backend.address).map(({ backend }) => ({
    address: backend.address,
    ready: backend.ready,
    ports: listed
      .filter((one) => one.backend.address === backend.address)
      .map((one) => ownPort(one.port, one.backend)),
  }));
}

const ownPort = ({ name, protocol }: ServicePort, { port }: Backend) =>
  name === undefined ? { protocol, port } : { name, protocol, port };

/** Whether anything outside the cluster can call a port: kube-proxy's ExternallyAccessible. */
export const isOpenOutside = (
  { externalIps = [], balancerVips = [] }: Service,
  { nodePort }: ServicePort,
): boolean => nodePort !== undefined || externalIps.length > 0 || balancerVips.length > 0;
