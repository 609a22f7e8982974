import { bitsOf, type Ip, ipFromBits } from '../../model/address';
import type { FlowEnd } from '../../model/flow';
import {
  type Labels,
  NAMESPACE_LABEL,
  NAMESPACE_PREFIX,
  ORCHESTRATOR_LABEL,
  SERVICE_ACCOUNT_PREFIX,
} from '../../model/selector';
import { uniqueBy } from '../../model/unique';
import type { PodEndpoint, World } from '../../model/world';

/** A pod that does not exist: rules that admit it admit more than the pods of the lab. */
export interface StrangerPod {
  readonly pod: PodEndpoint;
  /** What it stands for, such as `a pod without labels in shop`. */
  readonly title: string;
}

/** Namespace of strangers from elsewhere; no lab has one of that name. */
const ELSEWHERE = 'another-namespace';

/**
 * Pods that a rule may match although no pod of the lab shows it: one without labels in each namespace
 * and in a further one, and the labels of each workload in that further namespace.
 */
export function strangersOf(world: World): readonly StrangerPod[] {
  const free = freeAddresses(world);
  const [like] = world.pods.filter(({ hostNetwork }) => !hostNetwork);
  if (like === undefined) return [];
  const plain = [...world.namespaces.map(({ name }) => name), ELSEWHERE].map((namespace) => ({
    namespace,
    own: {},
    title:
      namespace === ELSEWHERE
        ? 'a pod in another namespace'
        : `a pod without labels in ${namespace}`,
  }));
  const workloads = uniqueBy(
    world.pods.filter(({ hostNetwork }) => !hostNetwork),
    ({ namespace, workload }) => `${namespace}/${workload}`,
  );
  const alike = workloads.map(({ labels, namespace, workload }) => ({
    namespace: ELSEWHERE,
    own: ownLabels(labels),
    title: `a pod with the labels of ${namespace}/${workload.split('/')[1]} in another namespace`,
  }));
  return uniqueBy([...alike, ...plain], ({ namespace, own }) =>
    JSON.stringify([namespace, own]),
  ).map(({ namespace, own, title }, i) => ({
    title,
    pod: {
      kind: 'pod',
      namespace,
      name: `stranger-${i}`,
      workload: `Pod/stranger-${i}`,
      labels: { ...own, ...labelsIn(world, namespace) },
      addresses: like.addresses.map((address) => free(address)),
      node: like.node,
      hostNetwork: false,
      ready: true,
      ports: [],
      serviceAccount: 'default',
    },
  }));
}

/** The world with these pods in it, and the further namespace. */
export const withStrangers = (world: World, strangers: readonly StrangerPod[]): World => ({
  ...world,
  pods: [...world.pods, ...strangers.map(({ pod }) => pod)],
});

/** A stranger as the end of a flow. */
export const strangerEnd = ({ pod: { namespace, name } }: StrangerPod): FlowEnd => ({
  kind: 'pod',
  namespace,
  name,
});

/** The labels that a pod has for being in a namespace. */
function labelsIn(world: World, namespace: string): Labels {
  const known = world.namespaces.find(({ name }) => name === namespace);
  const labels = known?.labels ?? { 'kubernetes.io/metadata.name': namespace };
  return {
    ...Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [`${NAMESPACE_PREFIX}${key}`, value]),
    ),
    [`${NAMESPACE_PREFIX}projectcalico.org/name`]: namespace,
    [NAMESPACE_LABEL]: namespace,
    [ORCHESTRATOR_LABEL]: 'k8s',
    'projectcalico.org/serviceaccount': 'default',
  };
}

const ownLabels = (labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels).filter(
      ([key]) =>
        !key.startsWith(NAMESPACE_PREFIX) &&
        !key.startsWith(SERVICE_ACCOUNT_PREFIX) &&
        !key.startsWith('projectcalico.org/'),
    ),
  );

/** Hands out the next address after a pod's that nothing in the world has. */
function freeAddresses(world: World): (after: Ip) => Ip {
  const taken = new Set<string>([
    ...world.pods.flatMap(({ addresses }) => addresses),
    ...world.nodes.flatMap(({ addresses }) => addresses),
    ...world.outside.flatMap(({ addresses }) => addresses),
  ]);
  return (after) => {
    const family = after.includes(':') ? 6 : 4;
    for (let bits = bitsOf(after) + 1n; ; bits += 1n) {
      const address = ipFromBits(bits, family);
      if (taken.has(address)) continue;
      taken.add(address);
      return address;
    }
  };
}
