import { type Flow, formatEnd } from '../../model/flow';
import { lazy } from '../../model/lazy';
import type { PodEndpoint, World } from '../../model/world';
import { servicesCalled } from './nodes';
import { type PodPlace, placeGroups } from './place-groups';
import { placedAt } from './placed-at';
import type { Doubt, ExplainerOf } from './types';

/**
 * In a VPC, the node of a pod decides its subnet, and with it the route table, the network ACL and often the
 * security groups. Where the input does not give the node, the flow is judged with the pods on other nodes too:
 * every pair of pods in every pair of places that differ.
 */
export function placementDoubts(world: World, explainerOf: ExplainerOf): readonly Doubt[] {
  const open = world.pods.filter(({ assumedNode, hostNetwork }) => assumedNode && !hostNetwork);
  if (open.length === 0) return [];
  const names = new Set(open.map(({ namespace, name }) => `${namespace}/${name}`));
  const calledBy = servicesCalled(world);
  const movable = ({ from, to, ...rest }: Flow): string | undefined => {
    const [own] = [from, to].filter((end) => end.kind === 'pod' && names.has(formatEnd(end)));
    if (own !== undefined) return formatEnd(own);
    const addresses = new Set(open.flatMap((pod) => pod.addresses));
    const [service] = calledBy({ from, to, ...rest }).filter(({ ports }) =>
      ports.some(({ backends }) => backends.some(({ address }) => addresses.has(address))),
    );
    return service && `the pods of Service ${service.namespace}/${service.name}`;
  };
  const others = lazy(() =>
    otherPlacements(world, open).map((placed) => ({ world: placed, explain: explainerOf(placed) })),
  );
  return [
    (flow, base) => {
      const moved = movable(flow);
      if (moved === undefined) return undefined;
      const other = others().find(({ explain }) => explain(flow).verdict !== base.verdict);
      if (other === undefined) return undefined;
      const { verdict } = other.explain(flow);
      return `the input does not give the node of ${moved}, which decides its subnet: with other nodes the verdict is ${verdict}. Give the pods as the cluster has them (kubectl get pods -A -o yaml)`;
    },
  ];
}

/** Most worlds that are tried. */
const MOST_WORLDS = 64;

/** Worlds in which every two pods stand once in every pair of places that differ. */
function otherPlacements(world: World, open: readonly PodEndpoint[]): readonly World[] {
  const groups = placeGroups(world);
  const plans = [...together(groups), ...apart(groups, open)];
  return plans.slice(0, MOST_WORLDS).map((placeOf) => placedAt(world, open, placeOf));
}

/** Where each pod stands. */
type Plan = (pod: PodEndpoint) => PodPlace;

/** All pods on one node, for the first two nodes of each group. */
const together = (groups: readonly (readonly PodPlace[])[]): readonly Plan[] =>
  groups.flatMap((places) =>
    places.slice(0, 2).map(
      (place): Plan =>
        () =>
          place,
    ),
  );

/** Any two pods on two nodes of each group, and in each two groups. */
const apart = (
  groups: readonly (readonly PodPlace[])[],
  pods: readonly PodEndpoint[],
): readonly Plan[] =>
  groups.flatMap(([one, second]) => [
    ...(one && second ? splits(pods, one, second) : []),
    ...groups.flatMap(([other]) => (one && other && one !== other ? splits(pods, one, other) : [])),
  ]);

/** Splits the pods by each bit of their numbers: any two of them are apart in one of the splits. */
function splits(pods: readonly PodEndpoint[], zero: PodPlace, one: PodPlace): readonly Plan[] {
  const numbers = new Map(pods.map((pod, i) => [pod, i]));
  const bits = Math.ceil(Math.log2(Math.max(1, pods.length)));
  return Array.from({ length: bits }, (_, bit): Plan => {
    return (pod) => (((numbers.get(pod) ?? 0) >> bit) & 1 ? one : zero);
  });
}
