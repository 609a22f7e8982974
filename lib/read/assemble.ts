import { familyOf, type IpFamily, ip } from '../model/address';
import { type CalicoMinor, policyTie } from '../model/calico-release';
import { likely } from '../model/nearest';
import type { Policy, Tier } from '../model/policy';
import { NAMESPACE_PREFIX } from '../model/selector';
import type { Namespace, NetworkSet, OutsideEndpoint, World } from '../model/world';
import type { Cloud } from './cloudformation/templates';
import type { HttpCluster } from './http/cluster';
import { resolveHttp } from './http/model';
import { serviceBlock } from './kubernetes/addresses';
import { placeEndpoints } from './kubernetes/endpoints';
import { recordedWorkloads } from './kubernetes/finished';
import type { Objects } from './kubernetes/kinds';
import { namespaceView } from './kubernetes/pods';
import { resolveServices } from './kubernetes/services';
import { nodeSlots } from './placement/nodes';
import { FORMER_TIERS, KNOWN_TIERS } from './policies/calico-sets';
import { complain, inside, warn } from './schema/at';
import { compare } from './schema/order';

/** Somebody on the internet: a documentation address (RFC 5737, TEST-NET-3) that web and DNS serve. */
const INTERNET: OutsideEndpoint = {
  kind: 'outside',
  name: 'internet',
  addresses: [ip('203.0.113.10')],
  ports: [
    { protocol: 'TCP', port: 53 },
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 80 },
    { protocol: 'TCP', port: 443 },
    { protocol: 'UDP', port: 443 },
  ],
};

/** The same host where the cluster speaks IPv6 (documentation block, RFC 3849). */
const INTERNET_6: OutsideEndpoint = {
  ...INTERNET,
  addresses: [...INTERNET.addresses, ip('2001:db8:ffff::10')],
};

/** What a world is made of beside the objects. */
export interface Around {
  readonly outside: readonly OutsideEndpoint[];
  readonly cloud?: Cloud;
  /** Mark addresses that are assigned here, as they may be any in the cluster that is meant. */
  readonly marked?: boolean;
  /** The files are a person's own: `internet` is every public address. */
  readonly isOwn?: boolean;
  /** The release of Calico that is meant; absent: the one that objects tell, else 3.32. */
  readonly calico?: CalicoMinor;
}

/** Makes a world of the objects that could be read; what does not fit together is reported. */
export function assembleWorld(
  objects: Objects,
  { outside: known, cloud, marked = false, isOwn = false, calico }: Around,
): World {
  const family = clusterFamily(objects, cloud);
  const internet = family === 6 ? INTERNET_6 : INTERNET;
  const outside = known.some(({ name }) => name === 'internet') ? known : [internet, ...known];
  const clusterIps = objects.services.flatMap(({ value }) => value.clusterIps);
  const told = cloud?.clusters.find((cluster) => cluster.serviceCidr !== undefined);
  const blocks = [
    ...objects.serviceCidrs.flatMap(({ value }) => value),
    ...(told?.serviceCidr === undefined ? [] : [told.serviceCidr]),
  ];
  const ownBlock = blocks.find(({ address }) => familyOf(address) === family) ?? blocks[0];
  const serviceCidr = ownBlock ?? serviceBlock(clusterIps, family);
  const namespaces = listNamespaces(objects, marked);
  const endpoints = placeEndpoints(objects, namespaces, {
    addresses: [...clusterIps, ...outside.flatMap(({ addresses }) => addresses)],
    blocks: [serviceCidr, ...blocks],
    family,
    ...(cloud && { machines: nodeSlots(cloud) }),
    marked,
  });
  const { nodes, pods } = endpoints;
  const release = calico ?? objects.calico[0] ?? '3.32';
  const isCalico = objects.enforcers.has('calico') || calico !== undefined;
  const services = resolveServices(objects, endpoints, serviceCidr);
  return {
    namespaces,
    nodes,
    pods: pods.map(({ endpoint }) => endpoint),
    outside,
    ...recordedWorkloads(objects, namespaces),
    services,
    tiers: listTiers(objects),
    policies: policiesOf(objects, release),
    ...(isCalico && { calico: release }),
    networkSets: objects.networkSets.map(({ value }) => inheriting(value, namespaces)),
    hostEndpoints: objects.hostEndpoints.map(({ value }) => value),
    ...httpOf(objects, {
      services,
      namespaces,
      pods: pods.map(({ endpoint }) => endpoint),
      outside,
    }),
    ...enforcing(objects, cloud),
    ...(objects.nodeDns[0] && { nodeDns: objects.nodeDns[0] }),
    vpcs: [],
    ...(isOwn && { isInternetEverything: true as const }),
    clusterDomain: 'cluster.local',
    serviceCidr,
    ...(blocks.length > 0 && { serviceBlocks: blocks }),
  };
}

/** The policies as a release of Calico takes them: 3.31 has no ClusterNetworkPolicy, and other ties. */
function policiesOf({ policies }: Objects, release: CalicoMinor): readonly Policy[] {
  if (release === '3.32') return policies.map(({ value }) => value);
  return policies.flatMap(({ at, value }) => {
    if (value.kind !== 'ClusterNetworkPolicy')
      return [{ ...value, tie: policyTie(value, release) }];
    const problem = `Calico ${release} does not enforce ClusterNetworkPolicy: it decides nothing`;
    warn(inside(at, 'kind'), problem, 'write an AdminNetworkPolicy, or use Calico 3.32');
    return [];
  });
}

/** The family of pods that are given addresses: what a template's cluster says, else what others have. */
function clusterFamily({ pods }: Objects, cloud: Cloud | undefined): IpFamily {
  if (cloud !== undefined && cloud.clusters.length > 0) {
    return cloud.clusters.some(({ ipFamily }) => ipFamily === 6) ? 6 : 4;
  }
  const [first] = pods.flatMap(({ value }) => value.addresses);
  return first === undefined ? 4 : familyOf(first);
}

/** Who enforces policies, where the files say so. */
function enforcing({ enforcers }: Objects, cloud: Cloud | undefined): Pick<World, 'enforcers'> {
  const byAddon = cloud?.clusters.some(({ cni }) => cni.networkPolicy) ?? false;
  const found = [...enforcers, ...(byAddon ? (['vpc-cni'] as const) : [])];
  return found.length === 0 ? {} : { enforcers: [...new Set(found)].sort(compare) };
}

/** The tiers that are written down, and the built-in ones; a policy's tier must be among them. */
function listTiers({ tiers, policies }: Objects): readonly Tier[] {
  const known = new Map(
    [...KNOWN_TIERS, ...tiers.map(({ value }) => value)].map((t) => [t.name, t]),
  );
  for (const { at, value } of policies) {
    if (known.has(value.tier)) continue;
    const names = [...known.keys()];
    const meant = likely(value.tier, names);
    const fix = meant === undefined ? 'add the Tier, or use default' : `write ${meant}`;
    complain(inside(inside(at, 'spec'), 'tier'), `there is no tier '${value.tier}'`, fix);
  }
  const former = FORMER_TIERS.map(({ name }) => name);
  const used = new Set(policies.map(({ value }) => value.tier));
  return [...known.values()].filter(({ name }) => !former.includes(name) || used.has(name));
}

/** HTTP proxies and their rules, where any object is about HTTP. */
function httpOf(objects: Objects, cluster: Omit<HttpCluster, 'annotations'>): Pick<World, 'http'> {
  const annotations = new Map(
    objects.services.map(({ value: { meta } }) => [
      `${meta.namespace}/${meta.name}`,
      meta.annotations,
    ]),
  );
  const http = resolveHttp(objects, { ...cluster, annotations });
  return http.proxies.length === 0 && http.conditions.length === 0 ? {} : { http };
}

/** A network set with what it inherits from its namespace, as selectors see it. */
function inheriting(set: NetworkSet, namespaces: readonly Namespace[]): NetworkSet {
  const { namespace } = set;
  const home = namespaces.find(({ name }) => name === namespace);
  if (namespace === undefined || home === undefined) return set;
  return {
    ...set,
    labels: { ...set.labels, ...namespaceView(namespace, home.labels) },
    ...(home.assumedLabels && { openLabels: [NAMESPACE_PREFIX] }),
  };
}

/** The namespaces that are written down and those that are only used, which need no object here. */
function listNamespaces(objects: Objects, marked: boolean): readonly Namespace[] {
  const { pods, workloads, services, serviceAccounts, policies } = objects;
  const written = new Map(objects.namespaces.map(({ value }) => [value.name, value.labels]));
  const used = [
    ...[...pods, ...workloads, ...services].map(({ value }) => value.meta.namespace),
    ...serviceAccounts.map(({ value }) => value.namespace),
    ...[...policies, ...objects.networkSets].flatMap(({ value }) => value.namespace ?? []),
  ];
  return [...new Set([...written.keys(), ...used])].sort(compare).map((name) => ({
    name,
    // The API server adds this label and allows no other value of it.
    labels: { ...written.get(name), 'kubernetes.io/metadata.name': name },
    ...(marked && !written.has(name) && { assumedLabels: true as const }),
  }));
}
