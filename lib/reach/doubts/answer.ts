import { contains, type Ip, PRIVATE_BLOCKS } from '../../model/address';
import type { Evidence, Explanation } from '../../model/explanation';
import { type Flow, type FlowEnd, formatEnd } from '../../model/flow';
import { impossibleEnd } from '../../model/impossible-end';
import type { PodEndpoint, World } from '../../model/world';
import type { PartyDirectory } from '../ends/types';
import { nodeDoubts, servicesCalled } from './nodes';
import { placementDoubts } from './placements';
import type { Doubt, ExplainAssumed, ExplainerOf } from './types';

/** Node ports by default (kube-apiserver --service-node-port-range). */
const NODE_PORTS = { first: 30_000, last: 32_767 } as const;
/** Where pods without a known address may be: private blocks, but for link-local ones. */
const POD_BLOCKS = PRIVATE_BLOCKS.filter(({ address }) => !address.startsWith('169.254.'));
/** Most pods that are tried in place of an address. */
const MOST_CANDIDATES = 200;

/**
 * Turns verdicts that hang on an address, a node or a node port that the input does not give into
 * `unknown`, with what would tell. Verdicts that are the same for every such value stay.
 */
export function createDoubts(
  directory: PartyDirectory,
  { explain, explainerOf }: { readonly explain: ExplainAssumed; readonly explainerOf: ExplainerOf },
): (flow: Flow, base: Explanation) => Explanation {
  const { world } = directory;
  const inCluster = (): readonly Doubt[] => [
    ...nodePortDoubts(directory),
    ...nodeDoubts(directory, explainerOf),
    ...addressDoubts(directory, explain),
    ...balancerDoubts(directory),
  ];
  const doubts = world.vpcs.length > 0 ? placementDoubts(world, explainerOf) : inCluster();
  if (doubts.length === 0) return (_, base) => base;
  return (flow, base) => {
    if (base.verdict === 'unknown' || impossibleEnd(flow, world) !== undefined) return base;
    for (const doubt of doubts) {
      const because = doubt(flow, base);
      if (because !== undefined) return unknownFor(base, because);
    }
    return base;
  };
}

function unknownFor(base: Explanation, because: string): Explanation {
  const { from, to } = base.flow;
  const object = formatEnd(to.kind === 'ip' || to.kind === 'node' ? to : from);
  const evidence: Evidence = { filter: 'route', direction: 'egress', object, rule: null, because };
  return { ...base, verdict: 'unknown', by: [evidence, ...base.by] };
}

/** A node's port that a Service may have, whose node port is not given. */
function nodePortDoubts({ world, at }: PartyDirectory): readonly Doubt[] {
  const open = world.services.flatMap(({ namespace, name, ports }) =>
    ports.flatMap(({ assumedNodePort, protocol }) =>
      assumedNodePort ? [{ protocol, name: `${namespace}/${name}` }] : [],
    ),
  );
  if (open.length === 0) return [];
  const given = new Set(
    world.services.flatMap(({ ports }) =>
      ports.flatMap(({ nodePort, assumedNodePort, protocol }) =>
        assumedNodePort ? [] : [`${protocol} ${nodePort}`],
      ),
    ),
  );
  return [
    ({ to, protocol, port }) => {
      if (typeof port !== 'number' || port < NODE_PORTS.first || port > NODE_PORTS.last) {
        return undefined;
      }
      const isNode =
        to.kind === 'node' || (to.kind === 'ip' && at(to.address).nodeLabels !== undefined);
      const holder = open.find((one) => one.protocol === protocol);
      if (!isNode || holder === undefined || given.has(`${protocol} ${port}`)) return undefined;
      return `the input does not give the node port of Service ${holder.name}, which may be ${port}: add nodePort, or the Service as the cluster has it`;
    },
  ];
}

/** A private address that no known end has may be that of a pod or a node without a known address. */
function addressDoubts({ world, at }: PartyDirectory, explain: ExplainAssumed): readonly Doubt[] {
  const ends = candidates(world);
  if (ends.length === 0) return [];
  const isOpen = (address: Ip): boolean => {
    const { pod, node, assumedAddress } = at(address);
    const isHeld = (pod !== undefined || node !== undefined) && assumedAddress !== true;
    return !isHeld && POD_BLOCKS.some((block) => contains(block, address)) && !known(address);
  };
  const services = new Set(
    world.services.flatMap(({ clusterIps, externalIps = [], balancerVips = [] }) => [
      ...clusterIps,
      ...externalIps,
      ...balancerVips,
    ]),
  );
  const known = (address: Ip): boolean =>
    services.has(address) || (world.serviceBlocks ?? []).some((block) => contains(block, address));
  const doubtOf = (flow: Flow, { verdict }: Explanation): string | undefined => {
    for (const side of ['from', 'to'] as const) {
      const end = flow[side];
      if (end.kind !== 'ip' || !isOpen(end.address)) continue;
      const other = ends.find(
        (one) => explain({ ...flow, [side]: one }).verdict !== verdict && !isSame(one, flow),
      );
      if (other === undefined) continue;
      return `${end.address} may be the address of ${formatEnd(other)}, which the input does not give: add status.podIP, or the Node`;
    }
    return undefined;
  };
  const behind: Doubt = (flow, base) => {
    if (flow.to.kind !== 'service') return undefined;
    const [service] = servicesCalled(world)(flow);
    for (const backend of service?.ports.flatMap(({ backends }) => backends) ?? []) {
      // A backend at an assumed address is that pod, wherever its address really lies.
      if (!isOpen(backend.address) || at(backend.address).assumedAddress === true) continue;
      const to: FlowEnd = { kind: 'ip', address: backend.address };
      const asked = { ...flow, to, port: backend.port };
      const because = doubtOf(asked, explain(asked));
      if (because !== undefined && base.verdict !== 'unknown') return because;
    }
    return undefined;
  };
  return [doubtOf, behind];
}

const isSame = (end: FlowEnd, { from, to }: Flow): boolean =>
  [from, to].some((one) => formatEnd(one) === formatEnd(end));

/** One pod of each group that policies treat alike, and nodes, whose addresses are not known. */
function candidates({ pods, nodes }: World): readonly FlowEnd[] {
  const groups = new Map<string, PodEndpoint>();
  for (const pod of pods) {
    if (!pod.assumedAddress || pod.hostNetwork) continue;
    const key = JSON.stringify([Object.entries(pod.labels).sort(), pod.ports]);
    if (!groups.has(key)) groups.set(key, pod);
  }
  return [
    ...[...groups.values()]
      .slice(0, MOST_CANDIDATES)
      .map(({ namespace, name }): FlowEnd => ({ kind: 'pod', namespace, name })),
    ...nodes
      .filter(({ assumedAddress }) => assumedAddress)
      .map(({ name }): FlowEnd => ({ kind: 'node', name })),
  ];
}

/** An address that no known end has may be that of a load balancer, which kube-proxy translates. */
function balancerDoubts({ world, at }: PartyDirectory): readonly Doubt[] {
  const open = world.services.filter(
    ({ isVipUnknown, foreignClass }) => isVipUnknown && foreignClass !== undefined,
  );
  if (open.length === 0) return [];
  return [
    ({ to, protocol, port }) => {
      if (to.kind !== 'ip') return undefined;
      const { pod, node } = at(to.address);
      if (pod !== undefined || node !== undefined) return undefined;
      const found = open.find(({ ports }) =>
        ports.some((one) => one.protocol === protocol && one.port === port),
      );
      if (found === undefined) return undefined;
      return `${to.address} may be the address of the load balancer of Service ${found.namespace}/${found.name}, which the input does not give: add its status`;
    },
  ];
}
