import type { FlowNote, RuleEvidence } from '../model/flow-evidence';
import type { World } from '../model/world';
import { type CallEnd, isSelectable, type WorkloadCall } from './calls';
import type { PolicyObject } from './objects';
import type { SelectableWorkload } from './workloads';

/** A policy, and the calls that its rules stand for. */
export interface WrittenPolicy {
  readonly policy: PolicyObject;
  readonly calls: readonly WorkloadCall[];
}

/** The calls behind the rules, in the order of their text. */
export function evidenceOf(
  calls: readonly WorkloadCall[],
  written: readonly WrittenPolicy[],
): readonly RuleEvidence[] {
  const policies = new Map<WorkloadCall, string[]>();
  for (const { policy, calls: own } of written) {
    const { namespace, name } = policy.metadata;
    for (const call of own) {
      policies.set(call, [...(policies.get(call) ?? []), `${namespace}/${name}`]);
    }
  }
  return calls
    .filter((call) => policies.has(call))
    .map((call) => ({
      from: endName(call.from),
      to: endName(call.to),
      protocol: call.protocol,
      port: call.port,
      policies: policies.get(call) ?? [],
      ...(call.evidence !== undefined && { evidence: call.evidence }),
    }))
    .sort((a, b) => (callText(a) < callText(b) ? -1 : 1));
}

export const callText = ({
  from,
  to,
  protocol,
  port,
}: Pick<RuleEvidence, 'from' | 'to' | 'protocol' | 'port'>): string =>
  `${from} -> ${to} ${protocol} ${port}`;

export const endName = (end: CallEnd): string =>
  end.kind === 'workload' ? end.workload.id : end.name;

/** What the policies allow beyond the very flows seen because labels or addresses say no less. */
export function generalisedBy({ from, to }: WorkloadCall): readonly string[] {
  return [from, to].flatMap((party) => {
    if (party.kind === 'addresses') return party.widened === undefined ? [] : [party.widened];
    const { id, labels, alsoSelects } = party.workload;
    if (alsoSelects.length === 0) return [];
    const said = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const why = said.length === 0 ? 'its pods have no label' : `${said.join(', ')} selects both`;
    return [
      `${id}: its selector also selects ${alsoSelects.join(', ')} (${why}); add a label that distinguishes them`,
    ];
  });
}

/** What a person has to know of the policies beside what they allow. */
export interface ReviewInput {
  readonly world: World;
  readonly calls: readonly WorkloadCall[];
  readonly workloads: readonly SelectableWorkload[];
  /** Namespaces that get policies. */
  readonly policed: readonly string[];
  /** Namespaces of the application without a flow, which get none. */
  readonly silent: readonly string[];
  readonly policies: readonly PolicyObject[];
  readonly stale: readonly string[];
}

/** So many outside addresses of one call are listed one by one before it is said what that means. */
const MANY_ADDRESSES = 8;

/** Remarks for the review, each kind once. */
export function reviewNotes(input: ReviewInput): readonly FlowNote[] {
  const { calls, workloads, policed, silent, stale } = input;
  const speaking = new Set(
    calls.flatMap(({ from, to }) => [from, to].flatMap((end) => workloadIn(end)?.id ?? [])),
  );
  const quiet = workloads
    .filter(({ id, namespace }) => policed.includes(namespace) && !speaking.has(id))
    .map(({ id }) => id);
  return [
    ...listed('silent-namespace', silent, SILENT_NAMESPACE),
    ...listed(
      'no-lasting-label',
      workloads.filter((one) => !isSelectable(one)).map(({ id }) => id),
      NO_LASTING_LABEL,
    ),
    ...listed(
      'every-pod',
      workloads.filter((one) => speaking.has(one.id) && meansEveryPod(one)).map(({ id }) => id),
      EVERY_POD,
    ),
    ...listed('silent-workload', quiet, SILENT_WORKLOAD),
    ...listed('no-lookups', withoutLookups(calls, policed), NO_LOOKUPS),
    ...listed('lookups-by-tcp', lookups(calls), LOOKUPS_BY_TCP),
    ...listed('many-addresses', manyAddresses(calls), MANY),
    ...listed('stale', stale, STALE),
  ];
}

const workloadIn = (end: CallEnd): SelectableWorkload | undefined =>
  end.kind === 'workload' ? end.workload : undefined;

const listed = (
  kind: string,
  calls: readonly string[],
  words: Pick<FlowNote, 'problem' | 'fix'>,
): readonly FlowNote[] =>
  calls.length === 0 ? [] : [{ kind, ...words, count: calls.length, calls: [...calls].sort() }];

const SILENT_NAMESPACE = {
  problem: 'namespaces without a flow in the records get no policy and stay as they are',
  fix: 'record longer; to close them all the same, pass --close-silent',
};

const SILENT_WORKLOAD = {
  problem:
    'workloads without a flow in the records: the default deny of their namespace closes them',
  fix: 'record longer before you enforce, or leave their namespace out with --namespace',
};

const NO_LASTING_LABEL = {
  problem:
    'workloads whose pods have no label that lasts get no rule: a selector would mean every pod of the namespace',
  fix: 'add a label to the pod template, such as app.kubernetes.io/name, and record again',
};

/** No label at all: the selector of its policy is `{}`. */
const meansEveryPod = (one: SelectableWorkload): boolean =>
  isSelectable(one) && Object.keys(one.labels).length === 0;

const EVERY_POD = {
  problem:
    'workloads whose pods have no label: their rules select every pod of the namespace (podSelector {}), also pods that come later',
  fix: 'add a label to the pod template, such as app.kubernetes.io/name, and recommend again',
};

const NO_LOOKUPS = {
  problem:
    'namespaces with outgoing calls and without a DNS lookup in the records: their lookups will be cut',
  fix: 'record lookups too (calls on one node are in no VPC flow log), or allow UDP and TCP 53 to kube-dns yourself',
};

const LOOKUPS_BY_TCP = {
  problem: 'rules for DNS lookups by UDP allow TCP 53 too, which long answers need (RFC 7766)',
  fix: 'nothing to do',
};

/** Who looks names up, and where. */
const lookups = (calls: readonly WorkloadCall[]): readonly string[] => {
  const all = calls
    .filter(({ protocol, port }) => protocol === 'UDP' && port === 53)
    .map(({ from, to }) => `${endName(from)} -> ${endName(to)}`);
  return [...new Set(all)];
};

const MANY = {
  problem: 'calls with many outside addresses seen one by one: the next address is denied',
  fix: 'name them: --aws-ranges ip-ranges.json, a NetworkSet among the manifests, or --fold 24 for blocks',
};

/** What stale policies are. */
export const STALE = {
  problem: 'policies of an earlier run that these records do not ask for any more',
  fix: 'delete them when you apply this set',
};

/** Namespaces whose workloads call others, none of them a DNS server. */
function withoutLookups(
  calls: readonly WorkloadCall[],
  policed: readonly string[],
): readonly string[] {
  const calling = calls.flatMap(({ from, port }) => {
    const own = workloadIn(from);
    return own === undefined ? [] : [{ namespace: own.namespace, port }];
  });
  return policed.filter((namespace) => {
    const own = calling.filter((one) => one.namespace === namespace);
    return own.length > 0 && own.every(({ port }) => port !== 53);
  });
}

/** `shop/web TCP 443 with 36 addresses`: calls that differ in an outside address alone. */
function manyAddresses(calls: readonly WorkloadCall[]): readonly string[] {
  const groups = new Map<string, number>();
  for (const { from, to, protocol, port } of calls) {
    const [own, outside] = from.kind === 'workload' ? [from, to] : [to, from];
    if (own.kind !== 'workload' || outside.kind !== 'addresses') continue;
    if (outside.widened !== undefined) continue;
    const way = own === from ? 'to' : 'from';
    const key = `${own.workload.id} ${protocol} ${port} ${way}`;
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  return [...groups]
    .filter(([, count]) => count > MANY_ADDRESSES)
    .map(([key, count]) => `${key} ${count} addresses`);
}
