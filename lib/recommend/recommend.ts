import type { Flow, FlowEnd } from '../model/flow';
import type { OutsideEndpoint, PodEndpoint, World } from '../model/world';
import { type Workload, workloadId, workloadOf } from './workloads';

/** Are the policies written to be watched first, or to decide at once? */
export type Enforcement = 'staged' | 'enforced';

/** A Kubernetes object, ready for YAML. */
export type KubernetesObject = Readonly<Record<string, unknown>>;

export interface Recommendation {
  readonly policies: readonly KubernetesObject[];
  /** What the policies allow beyond the very flows seen, and why. */
  readonly generalised: readonly string[];
}

/** Namespaces that are not the application's to police. */
const SYSTEM = new Set(['kube-system', 'calico-system', 'tigera-operator']);

/**
 * A small set of policies that keeps the flows seen and closes the rest: a default deny for each
 * namespace, and for each workload one policy with who may call it and whom it calls. Flows are
 * grouped by workload, because policies select labels and replicas share them.
 */
export function recommend(
  world: World,
  flows: readonly Flow[],
  enforcement: Enforcement,
): Recommendation {
  const calls = callsIn(world, flows);
  const governed = [...new Set(world.pods.map(({ namespace }) => namespace))]
    .filter((namespace) => !SYSTEM.has(namespace))
    .sort();
  const workloads = distinctWorkloads(world).filter(({ namespace }) =>
    governed.includes(namespace),
  );
  const policies = [
    ...governed.map((namespace) =>
      policy({ name: 'seen-default-deny', namespace }, denyAll, enforcement),
    ),
    ...workloads.flatMap((workload) => policyOf(workload, calls, enforcement)),
  ];
  return { policies, generalised: generalisedIn(world, flows, calls) };
}

type Party =
  | { readonly kind: 'workload'; readonly workload: Workload }
  | { readonly kind: 'address'; readonly cidr: string };

/** One workload (or address) calling another on a port. */
interface Call {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: string;
  readonly port: number;
}

function callsIn(world: World, flows: readonly Flow[]): readonly Call[] {
  const calls = flows.flatMap((flow): Call[] => {
    const [from, to] = [partyOf(world, flow.from), partyOf(world, flow.to)];
    if (from === undefined || to === undefined || typeof flow.port !== 'number') return [];
    return [{ from, to, protocol: flow.protocol, port: flow.port }];
  });
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

function partyOf(world: World, end: FlowEnd): Party | undefined {
  const pod = podAt(world, end);
  if (pod !== undefined) return { kind: 'workload', workload: workloadOf(pod, world) };
  const address =
    end.kind === 'ip'
      ? end.address
      : end.kind === 'internet'
        ? internet(world)?.addresses[0]
        : undefined;
  return address === undefined ? undefined : { kind: 'address', cidr: hostBlock(address) };
}

const hostBlock = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;

const podAt = ({ pods }: World, end: FlowEnd): PodEndpoint | undefined =>
  end.kind === 'pod'
    ? pods.find(({ namespace, name }) => namespace === end.namespace && name === end.name)
    : undefined;

const internet = ({ outside }: World): OutsideEndpoint | undefined =>
  outside.find(({ name }) => name === 'internet');

const distinctWorkloads = (world: World): readonly Workload[] => [
  ...new Map(
    world.pods
      .filter(({ hostNetwork }) => !hostNetwork)
      .map((pod) => [workloadId(pod), workloadOf(pod, world)]),
  ).values(),
];

interface Name {
  readonly name: string;
  readonly namespace: string;
}

interface Spec {
  readonly podSelector: object;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly object[];
  readonly egress?: readonly object[];
}

const denyAll: Spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };

const policy = (metadata: Name, spec: Spec, enforcement: Enforcement): KubernetesObject =>
  enforcement === 'staged'
    ? {
        apiVersion: 'projectcalico.org/v3',
        kind: 'StagedKubernetesNetworkPolicy',
        metadata,
        spec: { stagedAction: 'Set', ...spec },
      }
    : { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };

/** One policy a workload: who may call it, and whom it calls. None where nothing was seen of it. */
function policyOf(
  workload: Workload,
  calls: readonly Call[],
  enforcement: Enforcement,
): readonly KubernetesObject[] {
  const is = (party: Party): boolean =>
    party.kind === 'workload' && party.workload.id === workload.id;
  const ingress = rulesFor(
    calls.filter(({ to }) => is(to)),
    'from',
    workload.namespace,
  );
  const egress = rulesFor(
    calls.filter(({ from }) => is(from)),
    'to',
    workload.namespace,
  );
  if (ingress.length === 0 && egress.length === 0) return [];
  const spec: Spec = {
    podSelector: { matchLabels: workload.labels },
    policyTypes: [
      ...(ingress.length > 0 ? ['Ingress'] : []),
      ...(egress.length > 0 ? ['Egress'] : []),
    ],
    ...(ingress.length > 0 ? { ingress } : {}),
    ...(egress.length > 0 ? { egress } : {}),
  };
  return [
    policy({ name: `seen-${workload.name}`, namespace: workload.namespace }, spec, enforcement),
  ];
}

/** Rules by peer: each peer once, with all its ports; peers with the same ports share a rule. */
function rulesFor(
  calls: readonly Call[],
  side: 'from' | 'to',
  namespace: string,
): readonly object[] {
  const portsOf = new Map<string, Map<string, object>>();
  for (const call of calls) {
    const peer = JSON.stringify(peerOf(call[side], namespace));
    const ports = portsOf.get(peer) ?? new Map<string, object>();
    ports.set(`${call.protocol} ${call.port}`, { protocol: call.protocol, port: call.port });
    portsOf.set(peer, ports);
  }
  const peersOf = new Map<string, object[]>();
  for (const [peer, ports] of [...portsOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const key = JSON.stringify(
      [...ports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, port]) => port),
    );
    peersOf.set(key, [...(peersOf.get(key) ?? []), JSON.parse(peer)]);
  }
  return [...peersOf].map(([ports, peers]) => ({ [side]: peers, ports: JSON.parse(ports) }));
}

function peerOf(party: Party, namespace: string): object {
  if (party.kind === 'address') return { ipBlock: { cidr: party.cidr } };
  const podSelector = { matchLabels: party.workload.labels };
  if (party.workload.namespace === namespace) return { podSelector };
  const matchLabels = { 'kubernetes.io/metadata.name': party.workload.namespace };
  return { namespaceSelector: { matchLabels }, podSelector };
}

/** Pairs of workloads of which only some replicas were seen: their labels admit the others too. */
function generalisedIn(
  world: World,
  flows: readonly Flow[],
  calls: readonly Call[],
): readonly string[] {
  const podsOf = (id: string): number => world.pods.filter((pod) => workloadId(pod) === id).length;
  return calls.flatMap(({ from, to, protocol, port }) => {
    if (from.kind !== 'workload' || to.kind !== 'workload') return [];
    const [source, target] = [from.workload, to.workload];
    const self = source.id === target.id ? podsOf(source.id) : 0;
    const all = podsOf(source.id) * podsOf(target.id) - self;
    const seen = flows.filter(
      (flow) =>
        flow.protocol === protocol &&
        flow.port === port &&
        idAt(world, flow.from) === source.id &&
        idAt(world, flow.to) === target.id,
    ).length;
    if (seen >= all) return [];
    return [
      `${source.namespace}/${source.name} -> ${target.namespace}/${target.name} ${protocol} ${port}: seen between ${seen} of ${all} pairs of pods, allowed between all`,
    ];
  });
}

function idAt(world: World, end: FlowEnd): string | undefined {
  const pod = podAt(world, end);
  return pod && workloadId(pod);
}
