import type { Flow } from '../model/flow';
import type { World } from '../model/world';
import { type Call, callsIn } from './calls';
import { sharedLookups } from './lookups';
import {
  DENY_ALL,
  type Enforcement,
  freeNames,
  type Naming,
  type PolicyObject,
  policyObject,
  specOf,
} from './objects';
import { podSelectorOf, rulesFor } from './rules';
import { type Workload, workloadsOf } from './workloads';

export interface Recommendation {
  readonly policies: readonly PolicyObject[];
  /** What the policies allow beyond the very flows seen because labels or addresses say no less. */
  readonly generalised: readonly string[];
  /** Namespaces that have pods and get no policy: the cluster's own. */
  readonly notPoliced: readonly string[];
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
 * namespace, one for DNS where all of a namespace ask it, and for each workload one policy with who
 * may call it and whom it calls. Flows are grouped by workload, because policies select labels and
 * replicas share them. Sorted by namespace and name; the same flows give the same policies.
 */
export function recommend(
  world: World,
  flows: readonly Flow[],
  enforcement: Enforcement,
): Recommendation {
  const workloads = workloadsOf(world);
  const calls = callsIn(world, workloads, flows);
  const namespaces = [...new Set(world.pods.map(({ namespace }) => namespace))].sort();
  const naming = freeNames(world);
  const sorted = [...workloads.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const policies = namespaces
    .filter((namespace) => !SYSTEM.has(namespace))
    .flatMap((namespace) => {
      const own = sorted.filter((workload) => workload.namespace === namespace);
      return policiesIn({ namespace, own, calls, naming, enforcement });
    });
  return {
    policies,
    generalised: [...new Set(calls.flatMap(generalisedBy))].sort(),
    notPoliced: namespaces.filter((namespace) => SYSTEM.has(namespace)),
  };
}

interface Area {
  readonly namespace: string;
  readonly own: readonly Workload[];
  readonly calls: readonly Call[];
  readonly naming: Naming;
  readonly enforcement: Enforcement;
}

function policiesIn(area: Area): readonly PolicyObject[] {
  const { namespace, own, calls, naming, enforcement } = area;
  const object = (wanted: string, spec: PolicyObject['spec']): PolicyObject =>
    policyObject({ name: naming(namespace, wanted), namespace }, spec, enforcement);
  const shared = sharedLookups(own, calls);
  const said = new Set(shared.flatMap((group) => group.calls));
  const unsaid = calls.filter((call) => !said.has(call));
  return [
    object('seen-default-deny', DENY_ALL),
    ...shared.flatMap(({ podSelector, calls: lookups }) => {
      const egress = rulesFor(lookups, 'to', namespace);
      const spec = specOf(podSelector, { ingress: [], egress });
      return spec === undefined ? [] : [object('seen-dns', spec)];
    }),
    ...own.flatMap((workload) => {
      const spec = specOf(podSelectorOf(workload), {
        ingress: rulesFor(callsOn(calls, 'to', workload), 'from', namespace),
        egress: rulesFor(callsOn(unsaid, 'from', workload), 'to', namespace),
      });
      return spec === undefined ? [] : [object(`seen-${workload.name}`, spec)];
    }),
  ];
}

const callsOn = (calls: readonly Call[], side: 'from' | 'to', { id }: Workload): readonly Call[] =>
  calls.filter(({ [side]: party }) => party.kind === 'workload' && party.workload.id === id);

function generalisedBy({ from, to }: Call): readonly string[] {
  return [from, to].flatMap((party) => {
    if (party.kind === 'addresses') {
      return party.blocks.some(({ except }) => except !== undefined)
        ? ['the internet: its addresses were not seen one by one, so every public one is meant']
        : [];
    }
    const { id, labels, alsoSelects } = party.workload;
    if (alsoSelects.length === 0) return [];
    const said = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const why = said.length === 0 ? 'its pods share no label' : `${said.join(', ')} selects both`;
    return [`${id}: ${alsoSelects.join(', ')} cannot be told apart from it (${why}); label them`];
  });
}
