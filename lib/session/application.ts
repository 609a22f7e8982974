import type { Lab } from '../lab/format';
import { flowsOf, parseArrow } from '../lab/resolve';
import { type Flow, formatEnd } from '../model/flow';
import { uniqueBy } from '../model/unique';
import type { World } from '../model/world';
import { everyFlow } from '../reach/questions/diff';
import { clusterOf } from './lab-world';

/**
 * The flows that a lab's application makes while it is watched: its calls from every replica to
 * every replica, and before them the lookups of their names. Empty where the lab names no calls.
 */
export function applicationFlows(lab: Lab<string>, world: World): readonly Flow[] {
  const { calls = [], home } = clusterOf(lab);
  const made = calls.flatMap((arrow) => flowsOf(parseArrow(arrow), { world, home }));
  return distinct([...made.flatMap(({ from }) => lookupsBy(from, world)), ...made]);
}

/** Every pod and every outside host, against every port that a pod declares. */
export const matrixFlows = (world: World): readonly Flow[] => {
  const { sources, targets } = everyFlow(world);
  return sources.flatMap((from) =>
    targets
      .filter(({ to }) => formatEnd(to) !== formatEnd(from))
      .map((target) => ({ from, ...target })),
  );
};

/** A pod asks the cluster's DNS (pods labelled `k8s-app: kube-dns`) over UDP; others ask elsewhere. */
const lookupsBy = (from: Flow['from'], { pods }: World): readonly Flow[] =>
  from.kind !== 'pod'
    ? []
    : pods
        .filter(({ labels }) => labels['k8s-app'] === 'kube-dns')
        .map(({ namespace, name }) => ({
          from,
          to: { kind: 'pod', namespace, name },
          protocol: 'UDP',
          port: 53,
        }));

const distinct = (flows: readonly Flow[]): readonly Flow[] =>
  uniqueBy(flows, (flow) => JSON.stringify(flow));
