import type { Isolation } from '../model/isolation';
import type { Matrix } from '../model/matrix';
import type { OutsideEndpoint, PodEndpoint, World } from '../model/world';
import type { BoxOf } from './pairs';

/** One stage of a network as a map needs it: what there is, and what the engine says about it. */
export interface MapStage {
  readonly world: World;
  /** Every flow of the world, predicted. */
  readonly matrix: Matrix;
  readonly isolation: readonly Isolation[];
}

/** How finely a map draws: a box a workload, or a box a namespace. */
export type MapDetail = 'workloads' | 'namespaces';

/** The box that stands for every pod of the cluster, where they all share a line. */
export const EVERY_POD = 'every-pod';

export const namespaceId = (namespace: string): string => `namespace:${namespace}`;

export const workloadId = ({ namespace, workload }: Pick<PodEndpoint, 'namespace' | 'workload'>) =>
  `workload:${namespace}/${workload}`;

export const podId = ({ namespace, name }: Pick<PodEndpoint, 'namespace' | 'name'>): string =>
  `pod:${namespace}/${name}`;

export const outsideId = ({ name }: Pick<OutsideEndpoint, 'name'>): string =>
  name === 'internet' ? 'internet' : `outside:${name}`;

/** The ids of boxes for the ends of flows in these worlds. */
export function createBoxOf(worlds: readonly World[], detail: MapDetail): BoxOf {
  const outside = new Map(
    worlds.flatMap((world) =>
      world.outside.flatMap((one) =>
        one.addresses.map((address) => [address as string, outsideId(one)] as const),
      ),
    ),
  );
  return (end, workload) => {
    switch (end.kind) {
      case 'pod':
        return detail === 'namespaces' ? namespaceId(end.namespace) : `workload:${workload}`;
      case 'internet':
        return 'internet';
      case 'ip':
        return outside.get(end.address) ?? `outside:${end.address}`;
      case 'eni':
        return `interface:${end.name}`;
      case 'node':
        return `node:${end.name}`;
      case 'service':
        return `service:${end.namespace}/${end.name}`;
    }
  };
}
