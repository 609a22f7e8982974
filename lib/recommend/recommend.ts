import type { FlowNote, RuleEvidence, SeenFlow } from '../model/flow-evidence';
import type { World } from '../model/world';
import type { NamedBlocks } from './aws-ranges';
import { callsIn, type WorkloadCall } from './calls';
import { sharedLookups } from './lookups';
import {
  DENY_ALL,
  type Enforcement,
  freeNames,
  type Naming,
  type PolicyObject,
  policyObject,
  specOf,
  staleNames,
} from './objects';
import { evidenceOf, generalisedBy, reviewNotes, type WrittenPolicy } from './review';
import { podSelectorOf, rulesFor } from './rules';
import { type SelectableWorkload, workloadsOf } from './workloads';

export interface Recommendation {
  readonly policies: readonly PolicyObject[];
  /** What the policies allow beyond the very flows seen because labels or addresses say no less. */
  readonly generalised: readonly string[];
  /** Namespaces that have pods and get no policy: the cluster's own. */
  readonly notPoliced: readonly string[];
  /** Each call that a rule stands for, with the records that ask for it. */
  readonly evidence: readonly RuleEvidence[];
  /** What a person has to know before the set is applied. */
  readonly notes: readonly FlowNote[];
}

/** What to write, beside whether it is staged. */
export interface RecommendRules {
  /** Only these namespaces get policies; absent: each with a flow. */
  readonly namespaces?: readonly string[] | undefined;
  /** Close namespaces without a flow too. @default false */
  readonly closesSilent?: boolean | undefined;
  /** Blocks with a name, such as those of AWS; network sets of the world are known by themselves. */
  readonly named?: readonly NamedBlocks[] | undefined;
  /** Outside IPv4 addresses become blocks of this prefix. */
  readonly fold?: number | undefined;
  /** Blocks of the nodes; absent: the addresses that the manifests give. */
  readonly nodeBlocks?: readonly string[] | undefined;
}

/** Namespaces that are not the application's to police. */
const SYSTEM = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'calico-system',
  'calico-apiserver',
  'tigera-operator',
]);

/**
 * A small set of policies that keeps the flows seen and closes the rest: a default deny for each
 * namespace with a flow, one for DNS where all of a namespace ask it, and for each workload one policy
 * with who may call it and whom it calls. Flows are grouped by workload, because policies select labels
 * and replicas share them. Sorted by namespace and name; the same flows give the same policies.
 */
export function recommend(
  world: World,
  flows: readonly SeenFlow[],
  enforcement: Enforcement,
  rules: RecommendRules = {},
): Recommendation {
  const { closesSilent = false } = rules;
  const workloads = workloadsOf(world);
  const all = callsIn(world, workloads, flows, {
    named: [...networkSets(world), ...(rules.named ?? [])],
    fold: rules.fold,
    nodeBlocks: rules.nodeBlocks ?? [],
  });
  const calls = withBothLookups(all.filter(hasWorkload));
  const namespaces = [...new Set(world.pods.map(({ namespace }) => namespace))].sort();
  const wanted = namespaces.filter(
    (one) => !SYSTEM.has(one) && (rules.namespaces?.includes(one) ?? true),
  );
  const speaking = namespacesIn(calls);
  const policed = closesSilent ? wanted : wanted.filter((one) => speaking.has(one));
  const sorted = [...workloads.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const naming = freeNames();
  const written = policed.flatMap((namespace) => {
    const own = sorted.filter((workload) => workload.namespace === namespace);
    return policiesIn({ namespace, own, calls, naming, enforcement });
  });
  const policies = written.map(({ policy }) => policy);
  return {
    policies,
    generalised: [...new Set(calls.flatMap(generalisedBy))].sort(),
    notPoliced: namespaces.filter((namespace) => SYSTEM.has(namespace)),
    evidence: evidenceOf(calls, written),
    notes: reviewNotes({
      world,
      calls,
      workloads: sorted,
      policed,
      silent: wanted.filter((one) => !policed.includes(one)),
      policies,
      stale: staleNames(world, policies),
    }),
  };
}

/** No policy can allow a call between two addresses: it selects no pod. */
const hasWorkload = ({ from, to }: WorkloadCall): boolean =>
  from.kind === 'workload' || to.kind === 'workload';

const namespacesIn = (calls: readonly WorkloadCall[]): ReadonlySet<string> =>
  new Set(
    calls.flatMap(({ from, to }) =>
      [from, to].flatMap((end) => (end.kind === 'workload' ? [end.workload.namespace] : [])),
    ),
  );

const networkSets = ({ networkSets: sets }: World): readonly NamedBlocks[] =>
  sets.map(({ namespace, name, nets }) => ({
    name: namespace === undefined ? `GlobalNetworkSet ${name}` : `NetworkSet ${namespace}/${name}`,
    blocks: nets,
  }));

/** Who looks names up by UDP asks again by TCP where an answer is long (RFC 7766). */
function withBothLookups(calls: readonly WorkloadCall[]): readonly WorkloadCall[] {
  const keys = new Set(calls.map((call) => lookupKey(call)));
  return calls.flatMap((call) => {
    if (call.port !== 53 || call.protocol !== 'UDP') return [call];
    const same: WorkloadCall = { ...call, protocol: 'TCP' };
    return keys.has(lookupKey(same)) ? [call] : [call, same];
  });
}

const lookupKey = ({ from, to, protocol, port }: WorkloadCall): string =>
  port === 53 ? JSON.stringify([from, to, protocol]) : '';

interface NamespaceCalls {
  readonly namespace: string;
  readonly own: readonly SelectableWorkload[];
  readonly calls: readonly WorkloadCall[];
  readonly naming: Naming;
  readonly enforcement: Enforcement;
}

function policiesIn(area: NamespaceCalls): readonly WrittenPolicy[] {
  const { namespace, own, calls, naming, enforcement } = area;
  const written = (
    wanted: string,
    spec: PolicyObject['spec'] | undefined,
    reasons: readonly WorkloadCall[],
  ): readonly WrittenPolicy[] => {
    if (spec === undefined) return [];
    const metadata = { name: naming(namespace, wanted), namespace };
    return [{ policy: policyObject(metadata, spec, enforcement), calls: reasons }];
  };
  const shared = sharedLookups(own, calls);
  const said = new Set(shared.flatMap((group) => group.calls));
  const unsaid = calls.filter((call) => !said.has(call));
  return [
    ...written('default-deny', DENY_ALL, []),
    ...shared.flatMap(({ podSelector, calls: lookups }) => {
      const egress = rulesFor(lookups, 'to', namespace);
      return written('dns', specOf(podSelector, { ingress: [], egress }), lookups);
    }),
    ...own.flatMap((workload) => {
      const [incoming, outgoing] = [
        callsOn(calls, 'to', workload),
        callsOn(unsaid, 'from', workload),
      ];
      const ingress = rulesFor(incoming, 'from', namespace);
      const egress = rulesFor(outgoing, 'to', namespace);
      const spec = specOf(podSelectorOf(workload), { ingress, egress });
      return written(workload.name, spec, [...incoming, ...outgoing]);
    }),
  ];
}

const callsOn = (
  calls: readonly WorkloadCall[],
  side: 'from' | 'to',
  { id }: SelectableWorkload,
): readonly WorkloadCall[] =>
  calls.filter(({ [side]: party }) => party.kind === 'workload' && party.workload.id === id);
