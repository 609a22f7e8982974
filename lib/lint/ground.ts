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

/** What every check stands on; made once. */
export interface Ground {
  readonly world: World;
  /** Policies alone decide here: what a VPC refuses is told apart from what a policy does. */
  readonly policies: Engine;
  /** One pod for all that no policy can tell apart; pods without labels (host network) are left out. */
  readonly pods: readonly PodEndpoint[];
  /** The pods that answer names; supposed ones where the manifests have none. */
  readonly dns: readonly PodEndpoint[];
  /** Does the selector find a pod, a set or a host endpoint? */
  readonly finds: (selector: Selector) => boolean;
  readonly podsOf: (selector: Selector) => readonly PodEndpoint[];
}

/** Prepares a world for the checks. */
export function prepare(given: World): Ground {
  const found = given.pods.filter(isDns);
  const dns = found.length > 0 ? found : [supposedDns(given)];
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
    finds: (selector) =>
      podsOf(selector).length > 0 || others.some((labels) => matches(selector, labels)),
  };
}

/** Every rule of every policy, enforced or staged. */
export const rulesOf = (
  policies: readonly Policy[],
): readonly { readonly policy: Policy; readonly direction: Direction; readonly rule: Rule }[] =>
  policies.flatMap((policy) =>
    (['ingress', 'egress'] as const).flatMap((direction) =>
      (policy[direction] ?? []).map((rule) => ({ policy, direction, rule })),
    ),
  );

/** The labels that CoreDNS carries on every distribution, EKS among them. */
const DNS_LABELS: Labels = { 'k8s-app': 'kube-dns' };

const isDns = ({ namespace, labels }: PodEndpoint): boolean =>
  namespace === 'kube-system' && labels['k8s-app'] === 'kube-dns';

/** A newcomer's manifests hold no CoreDNS, and every cluster has one. */
function supposedDns({ nodes, namespaces }: World): PodEndpoint {
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
    // Replicas of one workload and twins of another are one, but a Service may front only some.
    if (!kinds.has(kind)) kinds.set(kind, pod);
  }
  return [...kinds.values()];
}
