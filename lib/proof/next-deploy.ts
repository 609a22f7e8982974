import type { Ip } from '../model/address';
import { type Flow, type FlowEnd, formatEnd } from '../model/flow';
import { groupBy } from '../model/group';
import { type Matrix, verdictAt } from '../model/matrix';
import type { Labels } from '../model/selector';
import { uniqueBy } from '../model/unique';
import type { PodEndpoint, World } from '../model/world';
import { createEngine } from '../reach/engine';
import type { MatrixQuery } from '../reach/matrix/types';
import { isLasting, isPodLabel } from '../recommend/lasting-labels';
import { workloadId } from '../recommend/workloads';
import { createAllowed } from './allowed-flows';

/** What the same policies do after every workload is deployed again. */
export interface NextDeploy {
  /** Calls that were seen and that the next pods may not make. */
  readonly cut: readonly string[];
  /** Calls between workloads that were closed and that the next pods may make. */
  readonly opened: readonly string[];
}

/**
 * Judges policies with the next pod of each workload in place of the present ones: another name, the
 * address that another pod had, another node and zone, and other values of the labels that a deploy changes. Only policies
 * are judged, since the interfaces of future pods are not known.
 */
export function afterNextDeploy(
  world: World,
  seen: readonly Flow[],
  ask: (world: World, seen: readonly Flow[]) => MatrixQuery,
): NextDeploy {
  const now = onePodEach(world);
  const inOrder = now.pods.filter(({ hostNetwork }) => !hostNetwork);
  const rotated = new Map(
    inOrder.map((pod, i) => [pod, inOrder[(i + 1) % inOrder.length]?.addresses ?? []]),
  );
  const next = { ...now, pods: now.pods.map((pod) => nextPod(pod, now, rotated.get(pod) ?? [])) };
  const idOf = workloadIds([...world.pods, ...next.pods]);
  const [open, later] = [now, next].map((one) => {
    const calls = uniqueBy(
      seen.map((flow) => onto(flow, one, idOf)),
      callKey,
    );
    return openCalls(one, calls, { ask, idOf, isOnNode: onNodes(one) });
  });
  const wanted = new Set(seen.map((flow) => callText(flow, idOf)));
  const missing = [...(open ?? [])].filter((call) => wanted.has(call) && !later?.has(call));
  const more = [...(later ?? [])].filter((call) => !open?.has(call));
  return { cut: missing.sort(), opened: more.sort() };
}

/** The first pod of each workload, and no VPC. */
function onePodEach(world: World): World {
  const groups = groupBy(world.pods, workloadId);
  const pods = [...groups.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
  const nodes = world.nodes.map(({ placement: _, ...node }) => node);
  return { ...world, pods: pods.map(({ securityGroups: _, ...pod }) => pod), nodes, vpcs: [] };
}

function nextPod(pod: PodEndpoint, { nodes }: World, addresses: readonly Ip[]): PodEndpoint {
  if (pod.hostNetwork) return pod;
  const at = nodes.findIndex(({ name }) => name === pod.node);
  return {
    ...pod,
    name: `${pod.name}-next`,
    node: nodes[(at + 1) % Math.max(1, nodes.length)]?.name ?? pod.node,
    addresses,
    labels: nextLabels(pod.labels),
  };
}

/** Labels of a namespace and of a service account do not come from the pod. */
const nextLabels = (labels: Labels): Labels =>
  Object.fromEntries(
    Object.entries(labels).map(([key, value]) => {
      return [key, isPodLabel(key) && !isLasting(key) ? `${value}-next`.slice(-63) : value];
    }),
  );

type IdOf = (end: FlowEnd) => string;

/** The workload of a pod, before and after; every other end by its own text. */
function workloadIds(pods: readonly PodEndpoint[]): IdOf {
  const ids = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, workloadId(pod)]));
  return (end) => ids.get(formatEnd(end)) ?? formatEnd(end);
}

/** The same call by the pods of this world. */
function onto(flow: Flow, { pods }: World, idOf: IdOf): Flow {
  const there = (end: FlowEnd): FlowEnd => {
    const pod = end.kind === 'pod' ? pods.find((one) => workloadId(one) === idOf(end)) : undefined;
    return pod === undefined ? end : { kind: 'pod', namespace: pod.namespace, name: pod.name };
  };
  return { ...flow, from: there(flow.from), to: there(flow.to) };
}

const callKey = ({ from, to, protocol, port }: Flow): string =>
  `${formatEnd(from)} ${formatEnd(to)} ${protocol} ${port}`;

const callText = ({ from, to, protocol, port }: Flow, idOf: IdOf): string =>
  `${idOf(from)} -> ${idOf(to)} ${protocol} ${port}`;

interface Asking {
  readonly ask: (world: World, seen: readonly Flow[]) => MatrixQuery;
  readonly idOf: IdOf;
  readonly isOnNode: (end: FlowEnd) => boolean;
}

/** Ends with the address of a node: a pod may always talk with its own node, and another node is next. */
function onNodes({ pods }: World): Asking['isOnNode'] {
  const names = new Set(
    pods.filter(({ hostNetwork }) => hostNetwork).map((pod) => `${pod.namespace}/${pod.name}`),
  );
  return (end) => end.kind === 'node' || names.has(formatEnd(end));
}

/** Calls between workloads that are open, by their text. */
function openCalls(world: World, seen: readonly Flow[], asking: Asking): Set<string> {
  const { ask, idOf, isOnNode } = asking;
  const engine = createEngine(world, { staged: 'as-enforced' });
  const matrix: Matrix = engine.matrix(ask(world, seen));
  const open = new Set<string>();
  matrix.sources.forEach(({ from }, s) => {
    matrix.targets.forEach(({ to, protocol, port }, t) => {
      if (verdictAt(matrix, s, t) !== 'allowed' || idOf(from) === idOf(to)) return;
      if (isOnNode(from) || isOnNode(to)) return;
      open.add(callText({ from, to, protocol, port }, idOf));
    });
  });
  const isAllowed = createAllowed(engine, seen);
  for (const flow of seen) if (isAllowed(flow)) open.add(callText(flow, idOf));
  return open;
}
