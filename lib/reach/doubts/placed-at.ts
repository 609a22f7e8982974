import { type Cidr, contains, familyOf, type Ip, ipFromBits, rangeOf } from '../../model/address';
import type { NetworkInterface } from '../../model/vpc';
import type { NodeEndpoint, PodEndpoint, World } from '../../model/world';
import { blocksOf, isPart, type PodPlace } from './place-groups';

/** A pod where it stands now, with its new addresses in the order of the old ones. */
interface Move {
  readonly pod: PodEndpoint;
  readonly place: PodPlace;
  readonly addresses: readonly Ip[];
}

/**
 * The same world with these pods on other nodes, each with a free address of the subnet there. A pod stays where
 * it is if its `nodeSelector` does not admit the node, or if the subnet has no free address.
 */
export function placedAt(
  world: World,
  pods: readonly PodEndpoint[],
  placeOf: (pod: PodEndpoint) => PodPlace,
): World {
  const take = freeAddresses(world);
  const moves = new Map<PodEndpoint, Move>();
  for (const pod of pods) {
    const place = placeOf(pod);
    if (pod.nodeChoice?.includes(place.node.name) === false) continue;
    const addresses = pod.addresses.flatMap((address) => take(place, familyOf(address)) ?? []);
    if (addresses.length === pod.addresses.length) moves.set(pod, { pod, place, addresses });
  }
  return rebuilt(world, [...moves.values()]);
}

function rebuilt(world: World, moves: readonly Move[]): World {
  const moved = new Map(moves.map((move) => [move.pod, move]));
  const renamed = new Map(
    moves.flatMap(({ pod, addresses }) =>
      pod.addresses.map((from, i) => [from, addresses[i] ?? from] as const),
    ),
  );
  const nodeAt = new Map(
    moves.flatMap(({ addresses, place }) =>
      addresses.map((one) => [one, place.node.name] as const),
    ),
  );
  const at = (address: Ip): Ip => renamed.get(address) ?? address;
  return {
    ...world,
    pods: world.pods.map((pod) => known(pod, moved.get(pod))),
    nodes: world.nodes.map((node) => withBranches(node, moves)),
    vpcs: world.vpcs.map((vpc) => ({
      ...vpc,
      interfaces: vpc.interfaces.map((one) => interfaceAfter(one, moves, renamed)),
    })),
    services: world.services.map((service) => ({
      ...service,
      ports: service.ports.map((port) => ({
        ...port,
        backends: port.backends.map((backend) => {
          const address = at(backend.address);
          const node = nodeAt.get(address) ?? backend.node;
          return { ...backend, address, ...(node !== undefined && { node }) };
        }),
      })),
      ...(service.endpoints && {
        endpoints: service.endpoints.map((one) => ({ ...one, address: at(one.address) })),
      }),
    })),
  };
}

/** In the other world every pod has its node, so nothing is in doubt there. */
function known({ assumedNode: _, ...pod }: PodEndpoint, move: Move | undefined): PodEndpoint {
  return move === undefined
    ? pod
    : { ...pod, node: move.place.node.name, addresses: move.addresses };
}

const branchId = ({ node, namespace, name }: PodEndpoint): string => `${node}/${namespace}/${name}`;

/** The node with the branch interfaces of the pods that stand on it now. */
function withBranches(node: NodeEndpoint, moves: readonly Move[]): NodeEndpoint {
  const { placement } = node;
  if (placement === undefined) return node;
  const gone = new Set(moves.map(({ pod }) => branchId(pod)));
  const come = moves.filter(
    ({ pod, place }) => pod.securityGroups !== undefined && place.node.name === node.name,
  );
  const interfaces = [
    ...placement.interfaces.filter((id) => !gone.has(id)),
    ...come.map(({ pod }) => branchId(pod)),
  ];
  return { ...node, placement: { ...placement, interfaces } };
}

function interfaceAfter(
  one: NetworkInterface,
  moves: readonly Move[],
  renamed: ReadonlyMap<Ip, Ip>,
): NetworkInterface {
  if (one.owner.kind !== 'node') return one;
  if (one.owner.branch) {
    const move = moves.find(({ pod }) => branchId(pod) === one.id);
    if (move === undefined) return one;
    const { place, addresses } = move;
    const owner = { ...one.owner, node: place.node.name };
    return { ...one, subnet: place.subnet.id, addresses, owner };
  }
  const come = moves.flatMap(({ pod, place, addresses }) =>
    pod.securityGroups === undefined && place.networkInterface.id === one.id ? addresses : [],
  );
  return { ...one, addresses: [...one.addresses.filter((a) => !renamed.has(a)), ...come] };
}

/** Gives out addresses of a place's subnet that no interface has. */
function freeAddresses(world: World) {
  const taken = new Set(
    world.vpcs.flatMap(({ interfaces }) => interfaces.flatMap(({ addresses }) => addresses)),
  );
  for (const { addresses } of world.pods) for (const address of addresses) taken.add(address);
  const blocks = blocksOf(world);
  return ({ subnet, inside }: PodPlace, family: 4 | 6): Ip | undefined => {
    const parts = blocks.filter((block) => isPart(block, subnet));
    const isWanted = (address: Ip): boolean =>
      inside === undefined ? !parts.some((part) => contains(part, address)) : true;
    const from = inside === undefined ? subnet.cidrs : [inside];
    const block = from.find(({ address }) => familyOf(address) === family);
    const found = block && firstFree(block, (address) => !taken.has(address) && isWanted(address));
    if (found !== undefined) taken.add(found);
    return found;
  };
}

/** Most addresses of a block that are looked at. */
const MOST_TRIED = 4096n;

/** From the end of a block, where the VPC CNI's assignments do not begin; the last address is reserved by AWS. */
function firstFree(block: Cidr, isFree: (address: Ip) => boolean): Ip | undefined {
  const [first, last] = rangeOf(block);
  const family = familyOf(block.address);
  for (let tried = 1n; tried < MOST_TRIED && last - tried >= first; tried += 1n) {
    const address = ipFromBits(last - tried, family);
    if (isFree(address)) return address;
  }
  return undefined;
}
