import { type Flow, type FlowEnd, formatEnd } from '../model/flow';
import { type FlowEvidence, type FlowNote, joinEvidence } from '../model/flow-evidence';
import type { World } from '../model/world';
import { type CallTally, verdictOf } from './call-tally';
import type { Collected, DoubtfulCall } from './collect';
import { arrivals } from './ends';
import type { RecordParty, UnknownParty } from './parties';
import type { FlowRecord } from './record';

/** Flows and notes of everything that was collected, in the order of the flows' text. */
export function recordsIn(
  world: World,
  { calls, doubtful, dropped }: Collected,
): { readonly records: readonly FlowRecord[]; readonly notes: readonly FlowNote[] } {
  const known = calls.filter(({ from, to }) => !isUnknown(from) && !isUnknown(to));
  return {
    records: mergedRecords(known.map((call) => ({ call, flows: flowsOf(world, call) }))),
    notes: [
      ...unknownNotes(calls),
      ...hiddenNotes(calls),
      ...mixedNotes(known),
      ...doubtNotes(doubtful),
      ...droppedNotes(dropped),
    ],
  };
}

interface CallFlows {
  readonly call: CallTally;
  readonly flows: readonly FlowRecord[];
}

/**
 * One record a flow and action: names before and after a rollout are the same pods. What a policy
 * denied under one name is not allowed under another.
 */
function mergedRecords(all: readonly CallFlows[]): readonly FlowRecord[] {
  const denied = new Set(
    all
      .filter(({ call }) => call.policyDenies > 0)
      .flatMap(({ flows }) => flows.map(({ flow }) => flowKey(flow))),
  );
  const merged = new Map<string, FlowRecord>();
  for (const { call, flows } of all) {
    const isPolicy = call.policyAllows + call.policyDenies > 0;
    for (const record of flows) {
      const key = flowKey(record.flow);
      const action = isPolicy && denied.has(key) ? 'deny' : record.action;
      const known = merged.get(`${key} ${action}`);
      const evidence = known ? joinEvidence(known.evidence, record.evidence) : record.evidence;
      merged.set(`${key} ${action}`, { ...record, ...known, action, evidence });
    }
  }
  return [...merged.values()];
}

const flowKey = ({ from, to, protocol, port }: Flow): string =>
  `${formatEnd(from)} ${formatEnd(to)} ${protocol} ${port}`;

const isUnknown = ({ unknown }: RecordParty): boolean => unknown !== undefined;

function flowsOf(world: World, call: CallTally): readonly FlowRecord[] {
  const { isAllowed, isDenied } = verdictOf(call);
  const evidence = evidenceOf(call);
  const isCalicoPublic = call.from.isCalicoPublic ?? call.to.isCalicoPublic;
  const actions = [
    ...(isDenied ? (['deny'] as const) : []),
    ...(isAllowed ? (['allow'] as const) : []),
  ];
  return pairs(call).flatMap(([from, to]) => {
    const asked: Flow = { from, to, protocol: call.protocol, port: call.port };
    return translated(world, asked).flatMap((flow) =>
      actions.map(
        (action): FlowRecord => ({
          flow,
          action,
          evidence,
          ...(isCalicoPublic && { isCalicoPublic }),
        }),
      ),
    );
  });
}

/** Every pod of one side with every pod of the other; a pod's calls to itself pass no policy. */
const pairs = ({ from, to }: CallTally): readonly (readonly [FlowEnd, FlowEnd])[] =>
  from.ends.flatMap((source) =>
    to.ends
      .filter((target) => formatEnd(target) !== formatEnd(source))
      .map((target) => [source, target] as const),
  );

/** A call to a Service's cluster address reaches its backends (kube-proxy translates it first). */
function translated(world: World, flow: Flow): readonly Flow[] {
  const { to } = flow;
  if (to.kind !== 'ip') return [flow];
  const service = world.services.find(({ clusterIps }) => clusterIps.includes(to.address));
  if (service === undefined) return [flow];
  const { namespace, name } = service;
  return arrivals(world, { ...flow, to: { kind: 'service', namespace, name } });
}

function evidenceOf({ records, first, last, example }: CallTally): FlowEvidence {
  return {
    records,
    ...(first !== undefined && { firstSeen: timeText(first) }),
    ...(last !== undefined && { lastSeen: timeText(last) }),
    example,
  };
}

const timeText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** `shop/web -> 10.9.0.5 TCP 5432`. */
const callText = ({ from, to, protocol, port }: CallTally): string =>
  `${from.name} -> ${to.name} ${protocol} ${port}`;

const UNKNOWN: Readonly<Record<UnknownParty, { readonly problem: string; readonly fix: string }>> =
  {
    name: {
      problem: 'names that the manifests do not contain give no rule',
      fix: 'nothing to do where they are gone; else add their manifests',
    },
    'gone-address': {
      problem:
        'addresses of pods that the manifests do not contain give no rule: another pod may get them next',
      fix: 'add the manifests of those pods (kubectl get pods -A -o yaml, taken at the time of the records)',
    },
    'other-time': {
      problem:
        'records from a time when another pod had the address, or none of the manifests, give no rule',
      fix: 'record again, or give a dump of the pods from the time of the records',
    },
    'private-network': {
      problem:
        'records whose end is only PRIVATE NETWORK give no rule: Calico does not name the address',
      fix: 'take these flows from VPC flow logs, or define a NetworkSet for the addresses',
    },
  };

function unknownNotes(calls: readonly CallTally[]): readonly FlowNote[] {
  return (Object.keys(UNKNOWN) as UnknownParty[]).flatMap((kind) => {
    const own = calls.filter(({ from, to }) => from.unknown === kind || to.unknown === kind);
    return noteOf({ kind, ...UNKNOWN[kind] }, own);
  });
}

function noteOf(
  note: Pick<FlowNote, 'kind' | 'problem' | 'fix'>,
  own: readonly CallTally[],
): readonly FlowNote[] {
  const [first] = own;
  if (first === undefined) return [];
  const count = own.reduce((sum, { records }) => sum + records, 0);
  return [{ ...note, count, example: first.example, calls: own.map(callText).sort() }];
}

/** Calls of a node to what is outside: the VPC CNI gives its pods the node's address there. */
function hiddenNotes(calls: readonly CallTally[]): readonly FlowNote[] {
  const own = calls.filter(
    ({ from, to }) =>
      from.ends.some(({ kind }) => kind === 'node') &&
      to.ends.some(({ kind }) => kind === 'ip' || kind === 'internet'),
  );
  return noteOf(
    {
      kind: 'hidden-by-node',
      problem:
        'calls out of the VPC carry the address of a node, and any pod of that node may have made them (VPC CNI, external SNAT); they give no rule, and a default deny cuts them',
      fix: 'record at the pods (Calico or Hubble), or set AWS_VPC_K8S_CNI_EXTERNALSNAT=true and record again',
    },
    own,
  );
}

const mixedNotes = (calls: readonly CallTally[]): readonly FlowNote[] =>
  noteOf(
    {
      kind: 'allowed-and-denied',
      problem: 'calls that were allowed in some records and denied in others count as denied',
      fix: 'where they are wanted, allow them, and record again (--since leaves older records out)',
    },
    calls.filter((call) => verdictOf(call).isMixed),
  );

function doubtNotes(doubtful: readonly DoubtfulCall[]): readonly FlowNote[] {
  const [first] = doubtful;
  if (first === undefined) return [];
  const count = doubtful.reduce((sum, { records }) => sum + records, 0);
  const calls = doubtful.map(
    ({ ends: [a, b], ports, protocol }) =>
      `${a.name} port ${ports[0]} <-> ${b.name} port ${ports[1]} ${protocol}`,
  );
  return [
    {
      kind: 'caller-unknown',
      problem: 'records that do not tell which side called give no rule',
      fix: 'name the port that is the server’s: --server <end>:<port>[/<protocol>], with the end as it is written here',
      count,
      example: first.example,
      calls: [...new Set(calls)].sort(),
    },
  ];
}

const droppedNotes = (dropped: number): readonly FlowNote[] =>
  dropped === 0
    ? []
    : [
        {
          kind: 'too-many-ports',
          problem: 'records of conversations with more pairs of ports than are kept give no rule',
          fix: 'name the port that is the server’s with --server, or log the field tcp-flags',
          count: dropped,
        },
      ];
