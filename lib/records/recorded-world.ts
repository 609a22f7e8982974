import { type Ip, offsetIp } from '../model/address';
import { uniqueBy } from '../model/unique';
import type { FinishedPod, PodEndpoint, World } from '../model/world';
import { podBlock } from './pod-blocks';
import { lastingWorkload } from './pod-names';

/**
 * The world that records speak of: with one pod for each workload whose pods all ended, such as the
 * last run of a Job. Its next pod has the same labels, so flows of the ended ones can be kept for it.
 */
export function recordedWorld(world: World): World {
  const finished = (world.finishedPods ?? []).filter(({ hostNetwork }) => !hostNetwork);
  const running = new Set(world.pods.map(keyOf));
  const last = uniqueBy(
    finished.toSorted((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0)),
    keyOf,
  ).filter((pod) => !running.has(keyOf(pod)));
  if (last.length === 0) return world;
  const taken = new Set([...world.pods, ...world.nodes].flatMap(({ addresses }) => addresses));
  const pods = last.map((pod): PodEndpoint => {
    const addresses = pod.addresses.map((address) => freeNear(address, taken));
    for (const address of addresses) taken.add(address);
    return {
      kind: 'pod',
      namespace: pod.namespace,
      name: pod.name,
      workload: pod.workload,
      labels: pod.labels,
      addresses,
      node: world.nodes.some(({ name }) => name === pod.node)
        ? pod.node
        : (world.nodes[0]?.name ?? ''),
      hostNetwork: false,
      ready: false,
      ports: pod.ports,
      serviceAccount: 'default',
    };
  });
  return { ...world, pods: [...world.pods, ...pods] };
}

/** Equal for all pods that one workload makes. */
const keyOf = ({ namespace, workload }: Pick<FinishedPod, 'namespace' | 'workload'>): string =>
  `${namespace}/${lastingWorkload(workload)}`;

/** The address, or one of its neighbours that no endpoint has: another pod may have it by now. */
function freeNear(address: Ip, taken: ReadonlySet<string>): Ip {
  if (!taken.has(address)) return address;
  const network = podBlock(address).address;
  const offsets = Array.from({ length: 254 }, (_, i) => 254 - i);
  return (
    offsets.map((offset) => offsetIp(network, offset)).find((one) => !taken.has(one)) ?? address
  );
}
