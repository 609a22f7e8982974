import { bitsOf, familyOf, type Ip, type IpFamily, rangeOf } from '../../model/address';
import type { FlowEnd } from '../../model/flow';
import type { Labels } from '../../model/selector';
import type { NetworkSet, PodEndpoint, World } from '../../model/world';
import type { OpenIdentity, Party } from './types';

/** Whether policies select this party as a workload; host-network pods and nodes are not workloads. */
export const isWorkload = (
  party: Party,
): party is Party & { readonly pod: PodEndpoint; readonly node: string } =>
  party.pod !== undefined && !party.pod.hostNetwork;

/** Collects what is known about an address, under the name of one end. */
export type PartyMaker = (address: Ip, end: FlowEnd, pod: PodEndpoint | undefined) => Party;

/** Indexes the addresses of a world, so that a party is made without a search. */
export function createPartyMaker(world: World): PartyMaker {
  const nodeAt = new Map(world.nodes.flatMap((node) => node.addresses.map((a) => [a, node])));
  const namesAt = outsideNames(world);
  const setsAt = networkSets(world);
  return (address, end, pod) => {
    const bits = bitsOf(address);
    const family = familyOf(address);
    const found = nodeAt.get(address);
    const node = found?.assumedAddress === true && end.kind === 'ip' ? undefined : found;
    const workload = pod === undefined || pod.hostNetwork ? undefined : pod;
    const host = pod?.node ?? node?.name;
    const own = workload === undefined ? [] : [workload.labels];
    const isAssumed = (pod ?? node)?.assumedAddress === true;
    const sets = setsAt({ bits, family, isAssumed });
    const open = [workload ?? [], sets.sure, sets.possible].flat().flatMap(openIdentity);
    return {
      end,
      address,
      bits,
      family,
      ...(pod === undefined ? {} : { pod }),
      ...(host === undefined ? {} : { node: host }),
      names: namesAt.get(address) ?? [],
      identities: [...own, ...hostIdentities(world, address), ...sets.sure.map(labelsOf)],
      ...(open.length > 0 && { open }),
      ...(isAssumed && { assumedAddress: true as const, possible: sets.possible.map(labelsOf) }),
      ...(node === undefined ? {} : { nodeLabels: node.labels }),
      ...(node?.assumedLabels === true && { assumedLabels: true as const }),
      ports: workload?.ports ?? [],
    };
  };
}

const labelsOf = ({ labels }: { readonly labels: Labels }): Labels => labels;

const openIdentity = (one: PodEndpoint | NetworkSet): readonly OpenIdentity[] => {
  const { labels, openLabels, namespace = '' } = one;
  if (openLabels === undefined) return [];
  const account = 'serviceAccount' in one ? { serviceAccount: one.serviceAccount } : {};
  return [{ labels, openLabels, namespace, ...account }];
};

function outsideNames(world: World): ReadonlyMap<Ip, readonly string[]> {
  const names = new Map<Ip, string[]>();
  for (const { name, addresses } of world.outside) {
    for (const address of addresses) names.set(address, [...(names.get(address) ?? []), name]);
  }
  return names;
}

/** A rule's selector knows a host endpoint by its expected addresses alone (Calico: IP sets). */
const hostIdentities = (world: World, address: Ip): readonly Labels[] =>
  world.hostEndpoints
    .filter(({ expectedIps }) => expectedIps.includes(address))
    .map(({ labels }) => labels);

interface Address {
  readonly bits: bigint;
  readonly family: IpFamily;
  readonly isAssumed: boolean;
}

/** The network sets that hold an address, and those that may where it is not known. */
interface SetsHere {
  readonly sure: readonly NetworkSet[];
  readonly possible: readonly NetworkSet[];
}

function networkSets(world: World): (address: Address) => SetsHere {
  const sets = world.networkSets.map((set) => ({
    set,
    ranges: set.nets.map((net) => ({
      family: familyOf(net.address),
      isAll: net.prefix === 0,
      range: rangeOf(net),
    })),
  }));
  return ({ bits, family, isAssumed }) => {
    const holding = (test: (range: (typeof sets)[number]['ranges'][number]) => boolean) =>
      sets
        .filter(({ ranges }) => ranges.some((one) => one.family === family && test(one)))
        .map(({ set }) => set);
    if (!isAssumed) {
      const sure = holding(({ range }) => range[0] <= bits && bits <= range[1]);
      return { sure, possible: [] };
    }
    return { sure: holding(({ isAll }) => isAll), possible: holding(({ isAll }) => !isAll) };
  };
}
