import type { FinishedPod, Namespace, WorkloadSelector, World } from '../../model/world';
import { compare } from '../schema/order';
import type { Objects } from './kinds';
import { labelViews } from './pod-view';
import { listFinishedPods } from './pods';

/** What a dump says beside the endpoints there are: pods that ended, and how controllers select theirs. */
export function recordedWorkloads(
  objects: Objects,
  namespaces: readonly Namespace[],
): Pick<World, 'finishedPods' | 'workloadSelectors'> {
  const finishedPods = finishedPodsIn(objects, namespaces);
  const workloadSelectors = workloadSelectorsIn(objects);
  return {
    ...(finishedPods.length > 0 && { finishedPods }),
    ...(workloadSelectors.length > 0 && { workloadSelectors }),
  };
}

function finishedPodsIn(
  objects: Objects,
  namespaces: readonly Namespace[],
): readonly FinishedPod[] {
  const seen = labelViews(objects, namespaces);
  return listFinishedPods(objects).map((pod): FinishedPod => {
    const { namespace, name, workload, addresses, hostNetwork, ports } = pod;
    return {
      namespace,
      name,
      workload,
      labels: hostNetwork ? {} : seen(pod),
      addresses,
      node: pod.nodeName ?? '',
      hostNetwork,
      ports,
      ...(pod.startedAt !== undefined && { startedAt: pod.startedAt }),
      ...(pod.finishedAt !== undefined && { finishedAt: pod.finishedAt }),
    };
  });
}

/** A ReplicaSet of a Deployment adds `pod-template-hash`, so its Deployment's selector is taken. */
const workloadSelectorsIn = ({ workloads }: Objects): readonly WorkloadSelector[] =>
  workloads
    .flatMap(({ value: { kind, meta, selectorLabels } }): readonly WorkloadSelector[] => {
      if (selectorLabels === undefined || meta.owner !== undefined) return [];
      const { namespace, name } = meta;
      return [{ namespace, workload: `${kind}/${name}`, labels: selectorLabels }];
    })
    .sort((a, b) => compare(a.namespace, b.namespace) || compare(a.workload, b.workload));
