import { type Ip, ip, offsetIp } from '../../model/address';
import type { Problem, Reading } from '../../model/problem';
import { unknownId } from '../../model/unknown-id';
import type { NetworkInterface, Vpc } from '../../model/vpc';
import type { PodEndpoint, Service, World } from '../../model/world';
import { createAllocator } from '../cloudformation/address';
import type { CniEnvironment } from '../cloudformation/aws-node';
import type { TemplateCluster, TemplateNodeGroup } from '../cloudformation/cluster';
import { type EniConfig, withEnvironment } from '../cloudformation/cni';
import type { Cloud } from '../cloudformation/templates';
import { placeBalancers } from './balancer';
import { fargateFor } from './elsewhere';
import { groupId } from './group';
import { createIssuer, type Issuer } from './issue';
import { missingSubnets, type Seat, seatNodes } from './nodes';
import { furnish, type Household, type PlacedMachine, podHome } from './pods';
import {
  extraNode,
  homeless,
  type LostGroup,
  noEniConfig,
  noRoom,
  unseated,
  uselessGroups,
} from './problem';

/** What manifests say about where things stand. */
export interface Told {
  /** Addresses of nodes and pods that manifests gave; all others are replaced by the VPC's. */
  readonly addresses: ReadonlySet<Ip>;
  /** ENIConfig objects by name (a zone); they win over those the add-on makes. */
  readonly eniConfigs?: Readonly<Record<string, EniConfig>>;
  /** The environment of DaemonSet `aws-node`; it wins over what templates say. */
  readonly cni?: CniEnvironment;
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
  const clusters = cloud.clusters.map((cluster) => withTold(cluster, told));
  const ground = { ...cloud, clusters };
  const seated = seats.filter((seat): seat is Seated => seat.kind === 'seated');
  const lost = lostGroups(cloud);
  const problems = seats.flatMap((seat) =>
    seat.kind === 'unseated' ? [unseated(seat.node.name, seat.reason, lost)] : [],
  );
  const notes = seated.filter(({ extra }) => extra).map(({ node }) => extraNode(node.name));
  problems.push(
    ...world.pods.filter((pod) => !nodeNames.has(pod.node)).map((pod) => homeless(pod, lost)),
  );
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

/** Node groups whose subnets are not all known, each with those that are not. */
const lostGroups = (cloud: Cloud): readonly LostGroup[] =>
  cloud.nodeGroups
    .map((group) => ({ name: group.name, subnets: missingSubnets(cloud, group) }))
    .filter(({ subnets }) => subnets.length > 0);

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
    const machine: PlacedMachine = { node, slot, vpc, cluster, publicIp };
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

const clusterOf = (cloud: Cloud, group: TemplateNodeGroup): TemplateCluster | undefined =>
  cloud.clusters.find(({ id }) => id === group.cluster);

/** A cluster with what manifests say of its VPC CNI. */
function withTold(cluster: TemplateCluster, told: Told): TemplateCluster {
  const { cni } = cluster;
  const own = told.cni === undefined ? cni : withEnvironment(cni, told.cni);
  const eniConfigs = { ...own.eniConfigs, ...told.eniConfigs };
  // Where nothing says whether ENIConfig objects are used, that is not known.
  const isUnsaid = own.customNetworking === false && typeof own.podSecurityGroups === 'object';
  const hasConfigs = Object.keys(eniConfigs).length > 0;
  const customNetworking = isUnsaid && hasConfigs ? own.podSecurityGroups : own.customNetworking;
  return { ...cluster, cni: { ...own, eniConfigs, customNetworking } };
}

/** A pod with its groups by id; without any where its cluster gives no pod groups of their own. */
function withGroups(pod: PodEndpoint, cloud: Cloud, seated: readonly Seated[]): PodEndpoint {
  const profile = pod.hostNetwork ? undefined : fargateFor(pod, cloud.fargate);
  if (profile !== undefined) {
    const what = `the subnet and security groups that Fargate gives pods of profile ${profile.name}`;
    return { ...pod, securityGroups: [unknownId(what)] };
  }
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
  const mode = cluster.cni.podSecurityGroups;
  if (typeof mode === 'object') return { ...pod, securityGroups: [unknownId(mode.unknown)] };
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
  ...(service.endpoints && {
    endpoints: service.endpoints.map((endpoint) => ({
      ...endpoint,
      address: moved.get(endpoint.address) ?? endpoint.address,
    })),
  }),
});
