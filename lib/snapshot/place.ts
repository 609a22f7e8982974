import { type Ip, ip, offsetIp } from '../model/address';
import type { Problem, Reading } from '../model/problem';
import type { NetworkInterface, Vpc } from '../model/vpc';
import type { PodEndpoint, Service, World } from '../model/world';
import { placeBalancers } from './place-balancer';
import { groupId } from './place-group';
import { createIssuer, type Issuer } from './place-issue';
import { type Seat, seatNodes } from './place-nodes';
import { furnish, type Household, type Machine, podHome } from './place-pods';
import { extraNode, homeless, noEniConfig, noRoom, unseated, uselessGroups } from './place-problem';
import type { Cloud } from './template';
import { createAllocator } from './template-address';
import type { Cluster, NodeGroup } from './template-cluster';
import type { EniConfig } from './template-cni';

/** What manifests say about where things stand. */
export interface Told {
  /** Addresses of nodes and pods that manifests gave; all others are replaced by the VPC's. */
  readonly addresses: ReadonlySet<Ip>;
  /** ENIConfig objects by name (a zone); they win over those the add-on makes. */
  readonly eniConfigs?: Readonly<Record<string, EniConfig>>;
}

/** Public addresses of nodes: the upper half of TEST-NET-1 (RFC 5737). */
const FIRST_PUBLIC = ip('192.0.2.128');

type Seated = Extract<Seat, { readonly kind: 'seated' }>;

/**
 * Puts a world's nodes and pods into the VPCs of a cloud: every node gets a slot of a node group,
 * every pod an address of its node's interfaces, and Services the new addresses of their pods.
 */
export function placeWorld(world: World, cloud: Cloud, told: Told): Reading<World> {
  const nodeNames = new Set(world.nodes.map(({ name }) => name));
  const seats = seatNodes(cloud, world.nodes, told.addresses);
  const clusters = cloud.clusters.map((cluster) => withEniConfigs(cluster, told.eniConfigs));
  const ground = { ...cloud, clusters };
  const seated = seats.filter((seat): seat is Seated => seat.kind === 'seated');
  const problems = seats.flatMap((seat) =>
    seat.kind === 'unseated' ? [unseated(seat.node.name, seat.reason)] : [],
  );
  const notes = seated.filter(({ extra }) => extra).map(({ node }) => extraNode(node.name));
  problems.push(...world.pods.filter((pod) => !nodeNames.has(pod.node)).map(homeless));
  const pods = world.pods.map((pod) => withGroups(pod, ground, seated));
  notes.push(...uselessGroups(world.pods, pods));
  const { households, troubles } = settle({ ...world, pods }, ground, { seated, told });
  problems.push(...troubles);
  if (problems.length > 0) return { kind: 'problems', problems };
  const balanced = placeBalancers(rebuilt(world, ground, households), ground, told.addresses);
  if (balanced.problems.length > 0) {
    return { kind: 'problems', problems: balanced.problems.map(noRoom) };
  }
  return { kind: 'read', value: balanced.world, warnings: notes, skipped: {} };
}

/** Every node with its pods, VPC by VPC, so that each VPC's addresses are given out once. */
function settle(
  world: World,
  cloud: Cloud,
  { seated, told }: { readonly seated: readonly Seated[]; readonly told: Told },
): { readonly households: readonly Household[]; readonly troubles: readonly Problem[] } {
  const issuers = new Map(cloud.vpcs.map((vpc) => [vpc.id, issuerFor(vpc, told.addresses)]));
  const troubles: Problem[] = [];
  const households = seated.flatMap(({ node, slot }, i) => {
    const vpc = cloud.vpcs.find(({ id }) => id === slot.group.vpc);
    const cluster = clusterOf(cloud, slot.group);
    const issuer = issuers.get(slot.group.vpc);
    if (vpc === undefined || cluster === undefined || issuer === undefined) return [];
    const publicIp = offsetIp(FIRST_PUBLIC, i);
    const machine: Machine = { node, slot, vpc, cluster, publicIp };
    const home = podHome(machine);
    if (home === undefined) {
      troubles.push(noEniConfig(machine));
      return [];
    }
    const own = world.pods.filter((pod) => pod.node === node.name);
    return [furnish(machine, own, { home, issuer })];
  });
  const full = [...issuers.values()].flatMap(({ problems }) => problems);
  troubles.push(...full.map(noRoom));
  return { households, troubles };
}

function issuerFor(vpc: Vpc, given: ReadonlySet<Ip>): Issuer {
  const allocator = createAllocator();
  for (const { addresses } of vpc.interfaces) for (const a of addresses) allocator.take(a);
  for (const address of given) allocator.take(address);
  return createIssuer(allocator, given);
}

const clusterOf = (cloud: Cloud, group: NodeGroup): Cluster | undefined =>
  cloud.clusters.find(({ id }) => id === group.cluster);

const withEniConfigs = (cluster: Cluster, more: Told['eniConfigs']): Cluster => {
  const eniConfigs = { ...cluster.cni.eniConfigs, ...more };
  return { ...cluster, cni: { ...cluster.cni, eniConfigs } };
};

/** A pod with its groups by id; without any where its cluster gives no pod groups of their own. */
function withGroups(pod: PodEndpoint, cloud: Cloud, seated: readonly Seated[]): PodEndpoint {
  if (pod.securityGroups === undefined) return pod;
  const seat = seated.find(({ node }) => node.name === pod.node);
  const cluster = seat === undefined ? undefined : clusterOf(cloud, seat.slot.group);
  const vpc = cloud.vpcs.find(({ id }) => id === cluster?.vpc);
  const { securityGroups, ...bare } = pod;
  if (
    cluster === undefined ||
    vpc === undefined ||
    cluster.cni.podSecurityGroups === 'off' ||
    pod.hostNetwork
  )
    return bare;
  return { ...pod, securityGroups: securityGroups.map((name) => groupId(vpc, name)) };
}

/** The world with its new addresses, in the order it was. */
function rebuilt(world: World, cloud: Cloud, households: readonly Household[]): World {
  const key = ({ namespace, name }: PodEndpoint): string => `${namespace}/${name}`;
  const placed = new Map(households.flatMap(({ pods }) => pods.map((pod) => [key(pod), pod])));
  const nodes = new Map(households.map(({ node }) => [node.name, node]));
  const interfaces = households.flatMap((h) =>
    h.interfaces.map((i) => ({ ...i, vpc: h.node.placement?.vpc })),
  );
  const pods = world.pods.map((pod) => placed.get(key(pod)) ?? pod);
  const moved = new Map(
    world.pods.flatMap((pod, i) => {
      const to = pods[i]?.addresses ?? [];
      return pod.addresses.flatMap((from, n): [Ip, Ip][] =>
        to[n] === undefined ? [] : [[from, to[n]]],
      );
    }),
  );
  return {
    ...world,
    nodes: world.nodes.map((node) => nodes.get(node.name) ?? node),
    pods,
    services: world.services.map((service) => redirected(service, moved)),
    vpcs: cloud.vpcs.map((vpc) => {
      const own = interfaces.filter((i) => i.vpc === vpc.id);
      const bare = own.map(({ vpc: _, ...rest }): NetworkInterface => rest);
      return { ...vpc, interfaces: [...vpc.interfaces, ...bare] };
    }),
  };
}

const redirected = (service: Service, moved: ReadonlyMap<Ip, Ip>): Service => ({
  ...service,
  ports: service.ports.map((port) => ({
    ...port,
    backends: port.backends.map((backend) => ({
      ...backend,
      address: moved.get(backend.address) ?? backend.address,
    })),
  })),
});
