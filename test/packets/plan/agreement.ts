import type { Observation } from '../../../lib/dataplane/probe';
import type { Explanation } from '../../../lib/model/explanation';
import { type Flow, type FlowEnd, formatEnd } from '../../../lib/model/flow';
import { verdictOf } from '../../../lib/model/observation';
import { parseRuleName, ruleName } from '../../../lib/model/rule-name';
import type { World } from '../../../lib/model/world';

/** Pods, nodes and the internet, as flows name them. */
export const namedEnds = ({ pods, nodes }: World): readonly FlowEnd[] => [
  ...podsOf(pods),
  ...nodesOf(nodes),
  { kind: 'internet' },
];

/** The same, and each address of those that have several. */
export const everyEnd = (world: World): readonly FlowEnd[] => [
  ...namedEnds(world),
  ...[...world.pods, ...world.nodes, ...world.outside].flatMap(({ addresses }) =>
    addresses.slice(1).map((address): FlowEnd => ({ kind: 'ip', address })),
  ),
];

const podsOf = (pods: World['pods']) =>
  pods.map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name }));

const nodesOf = (nodes: World['nodes']) =>
  nodes.map(({ name }): FlowEnd => ({ kind: 'node', name }));

/** These ends against each other and every Service, on ports that rules name. */
export function flowsAmong(world: World, ends: readonly FlowEnd[]): readonly Flow[] {
  const aims = [
    { protocol: 'TCP', port: 80 },
    { protocol: 'TCP', port: 81 },
    { protocol: 'UDP', port: 53 },
    { protocol: 'ICMP', port: undefined },
  ] as const;
  const plain = ends.flatMap((from) =>
    ends
      .filter((to) => formatEnd(from) !== formatEnd(to))
      .flatMap((to) => aims.map((aim): Flow => ({ from, to, ...aim }))),
  );
  // A headless Service without a ready pod has no address: nothing could be sent.
  const named = world.services.filter(
    ({ headless, ports: all }) =>
      !headless || all.some(({ backends }) => backends.some(({ ready }) => ready)),
  );
  const called = named.flatMap(({ namespace, name }) =>
    [...podsOf(world.pods), ...nodesOf(world.nodes)].map(
      (from): Flow => ({ from, to: { kind: 'service', namespace, name }, ...aims[0] }),
    ),
  );
  const doors = [
    ...nodesOf(world.nodes),
    ...ends.filter((end) => end.kind === 'ip' && isNode(world, end.address)),
  ];
  const ports = world.services.flatMap(({ ports: all }) => all.flatMap((p) => p.nodePort ?? []));
  const knocked = ports.flatMap((port) =>
    ends.flatMap((from) => doors.map((to): Flow => ({ from, to, protocol: 'TCP', port }))),
  );
  return [
    ...plain,
    ...called,
    ...knocked.filter(({ from, to }) => formatEnd(from) !== formatEnd(to)),
  ];
}

const isNode = ({ nodes }: World, address: World['nodes'][number]['addresses'][number]) =>
  nodes.some(({ addresses }) => addresses.includes(address));

/** What differs between a prediction and what was seen, in words; nothing where they agree. */
export function difference(
  predicted: Explanation,
  seen: Observation | undefined,
  evidence: 'traced' | 'untraced' = 'traced',
): string | undefined {
  const { flow, verdict, by } = predicted;
  const observed = verdictOf(seen?.outcome ?? 'unsupported');
  if (verdict === 'unknown' || observed === 'unknown') return undefined;
  const names = by.map(ruleName);
  const text = `${formatEnd(flow.from)} -> ${formatEnd(flow.to)} ${flow.protocol} ${flow.port ?? ''}`;
  if (verdict !== observed)
    return `${text}: predicted ${verdict} (${names.join('; ')}), observed ${seen?.outcome}`;
  if (evidence === 'untraced') return undefined;
  const dropped = (seen?.trace ?? []).filter((rule) => rule.verdict === 'drop');
  const strange = dropped.filter(
    ({ comment }) => parseRuleName(comment) !== undefined && !names.includes(comment),
  );
  // Only the way there is traced; a reply may be what was dropped.
  const isThere = predicted.trace.return.length === 0;
  if (verdict === 'denied' && isThere && dropped.length === 0)
    return `${text}: no rule was seen to drop it`;
  return strange.length === 0
    ? undefined
    : `${text}: ${verdict}, predicted by ${names.join('; ')}, dropped by ${strange.map((r) => r.comment).join('; ')}`;
}
