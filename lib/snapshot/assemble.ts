import { familyOf, type IpFamily, ip } from '../model/address';
import { likely } from '../model/nearest';
import type { Tier } from '../model/policy';
import type { HttpRoute, Namespace, NetworkSet, OutsideEndpoint, World } from '../model/world';
import { serviceBlock } from './addresses';
import { complain, inside, warn } from './at';
import { FORMER_TIERS, KNOWN_TIERS } from './calico-sets';
import { placeEndpoints } from './endpoints';
import type { Objects } from './kinds';
import { compare } from './order';
import { nodeSlots } from './place-nodes';
import { namespaceView } from './pods';
import { resolveServices } from './services';
import type { Cloud } from './template';

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
}

/** Makes a world of the objects that could be read; what does not fit together is reported. */
export function assembleWorld(objects: Objects, { outside: known, cloud }: Around): World {
  const family = clusterFamily(objects, cloud);
  const internet = family === 6 ? INTERNET_6 : INTERNET;
  const outside = known.some(({ name }) => name === 'internet') ? known : [internet, ...known];
  const clusterIps = objects.services.flatMap(({ value }) => value.clusterIps);
  const told = cloud?.clusters.find((cluster) => cluster.serviceCidr !== undefined);
  const serviceCidr = told?.serviceCidr ?? serviceBlock(clusterIps, family);
  const namespaces = listNamespaces(objects);
  const endpoints = placeEndpoints(objects, namespaces, {
    addresses: [...clusterIps, ...outside.flatMap(({ addresses }) => addresses)],
    blocks: [serviceCidr],
    family,
    ...(cloud && { machines: nodeSlots(cloud) }),
  });
  const { nodes, pods } = endpoints;
  return {
    namespaces,
    nodes,
    pods: pods.map(({ endpoint }) => endpoint),
    outside,
    services: resolveServices(objects, endpoints, serviceCidr),
    tiers: listTiers(objects),
    policies: objects.policies.map(({ value }) => value),
    networkSets: objects.networkSets.map(({ value }) => inheriting(value, namespaces)),
    hostEndpoints: objects.hostEndpoints.map(({ value }) => value),
    httpRoutes: listRoutes(objects),
    ...enforcing(objects, cloud),
    vpcs: [],
    clusterDomain: 'cluster.local',
    serviceCidr,
  };
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

/** Ways of HTTP; one that leads nowhere is worth a remark, as the cluster would take it. */
function listRoutes({ httpRoutes, services, gateways }: Objects): readonly HttpRoute[] {
  const known = new Set(services.map(({ value: { meta } }) => `${meta.namespace}/${meta.name}`));
  const doors = new Map(gateways.map(({ value }) => [`${value.namespace}/${value.name}`, value]));
  for (const { at, value } of httpRoutes) {
    const names = value.flatMap(({ backends }) =>
      backends.map(({ namespace, service }) => `${namespace}/${service}`),
    );
    for (const name of new Set(names)) {
      if (!known.has(name)) warn(at, `it leads to Service ${name}, which is not here`, 'add it');
    }
    const [first] = value;
    if (first?.kind === 'HTTPRoute' && first.via !== undefined && !doors.has(first.via)) {
      warn(at, `it is of Gateway ${first.via}, which is not here`, 'add it');
    }
  }
  return httpRoutes.flatMap(({ value }) =>
    value.map(({ section, ...route }) => {
      const door = route.kind === 'HTTPRoute' ? doors.get(route.via ?? '') : undefined;
      if (door === undefined) return route;
      const asked = door.listeners.filter(({ name }) => section === undefined || name === section);
      return { ...route, listeners: asked.map(({ name: _, ...listener }) => listener) };
    }),
  );
}

/** A network set with what it inherits from its namespace, as selectors see it. */
function inheriting(set: NetworkSet, namespaces: readonly Namespace[]): NetworkSet {
  const { namespace } = set;
  const home = namespaces.find(({ name }) => name === namespace);
  return namespace === undefined || home === undefined
    ? set
    : { ...set, labels: { ...set.labels, ...namespaceView(namespace, home.labels) } };
}

/** The namespaces that are written down and those that are only used, which need no object here. */
function listNamespaces(objects: Objects): readonly Namespace[] {
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
  }));
}
