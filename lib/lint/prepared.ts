import { ip } from '../model/address';
import type { Direction } from '../model/flow';
import type { Policy, Rule } from '../model/policy';
import {
  type Labels,
  matches,
  NAMESPACE_LABEL,
  NAMESPACE_PREFIX,
  ORCHESTRATOR_LABEL,
  type Selector,
} from '../model/selector';
import type { PodEndpoint, World } from '../model/world';
import { createEngine, type Engine } from '../reach/engine';

/** A world prepared for the checks. */
export interface PreparedWorld {
  readonly world: World;
  /** An engine without the VPC, so that every refusal is a policy's. */
  readonly policies: Engine;
  /** A representative of each group of pods that policies cannot distinguish; host-network pods are left out. */
  readonly pods: readonly PodEndpoint[];
  /** The DNS pods; one assumed CoreDNS pod where the manifests have none. */
  readonly dns: readonly PodEndpoint[];
  /** Whether the selector matches a pod, a network set or a host endpoint. */
  readonly finds: (selector: Selector) => boolean;
  readonly podsOf: (selector: Selector) => readonly PodEndpoint[];
  /** Host-network pods that have the labels, and that no selector finds. */
  readonly hostPodsOf: (selector: Selector) => readonly PodEndpoint[];
}

/** Prepares a world for the checks. */
export function prepare(given: World): PreparedWorld {
  const found = given.pods.filter(isDns);
  const dns = found.length > 0 ? found : [assumedDns(given)];
  const world = found.length > 0 ? given : { ...given, pods: [...given.pods, ...dns] };
  const pods = representatives(world.pods.filter(({ hostNetwork }) => !hostNetwork));
  const others = [...world.networkSets, ...world.hostEndpoints].map(({ labels }) => labels);
  const podsOf = (selector: Selector) => pods.filter(({ labels }) => matches(selector, labels));
  return {
    world,
    policies: createEngine({ ...world, vpcs: [] }, { staged: 'as-written' }),
    pods,
    dns,
    podsOf,
    hostPodsOf: (selector) =>
      world.pods.filter(({ unseenLabels }) => unseenLabels && matches(selector, unseenLabels)),
    finds: (selector) =>
      podsOf(selector).length > 0 || others.some((labels) => matches(selector, labels)),
  };
}

/** A rule with its policy and direction. */
export interface PolicyRule {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
}

/** Every rule of every policy, enforced or staged. */
export const rulesOf = (policies: readonly Policy[]): readonly PolicyRule[] =>
  policies.flatMap((policy) =>
    (['ingress', 'egress'] as const).flatMap((direction) =>
      (policy[direction] ?? []).map((rule) => ({ policy, direction, rule })),
    ),
  );

/** The labels that CoreDNS carries on every distribution, EKS among them. */
const DNS_LABELS: Labels = { 'k8s-app': 'kube-dns' };

const isDns = ({ namespace, labels }: PodEndpoint): boolean =>
  namespace === 'kube-system' && labels['k8s-app'] === 'kube-dns';

/** The CoreDNS pod that every cluster has, for manifests without it. */
function assumedDns({ nodes, namespaces }: World): PodEndpoint {
  const namespace = 'kube-system';
  const known = namespaces.find(({ name }) => name === namespace)?.labels ?? {};
  const inherited = { ...known, 'kubernetes.io/metadata.name': namespace };
  return {
    kind: 'pod',
    namespace,
    name: 'coredns',
    workload: 'Deployment/coredns',
    labels: {
      ...DNS_LABELS,
      ...Object.fromEntries(
        Object.entries(inherited).map(([key, value]) => [NAMESPACE_PREFIX + key, value]),
      ),
      [`${NAMESPACE_PREFIX}projectcalico.org/name`]: namespace,
      [NAMESPACE_LABEL]: namespace,
      [ORCHESTRATOR_LABEL]: 'k8s',
    },
    addresses: [ip('10.255.255.253')],
    node: nodes.at(-1)?.name ?? '',
    hostNetwork: false,
    ready: true,
    ports: [
      { name: 'dns', protocol: 'UDP', port: 53 },
      { name: 'dns-tcp', protocol: 'TCP', port: 53 },
    ],
    serviceAccount: 'coredns',
  };
}

function representatives(pods: readonly PodEndpoint[]): readonly PodEndpoint[] {
  const kinds = new Map<string, PodEndpoint>();
  for (const pod of pods) {
    const ports = pod.ports.map(({ protocol, port, name }) => `${protocol}${port}${name ?? ''}`);
    const labels = Object.entries(pod.labels).map(([key, value]) => `${key}=${value}`);
    const kind = [...labels.sort(), ...ports.sort()].join('\n');
    if (!kinds.has(kind)) kinds.set(kind, pod);
  }
  return [...kinds.values()];
}
