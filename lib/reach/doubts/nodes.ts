import type { Explanation } from '../../model/explanation';
import { type Flow, type FlowEnd, formatEnd } from '../../model/flow';
import type { Service, World } from '../../model/world';
import type { PartyDirectory } from '../ends/types';
import type { Doubt, ExplainerOf } from './types';

/** Traffic policies `Local` ask for the nodes of backends; a node reaches its own pods past policies. */
export function nodeDoubts(
  { world, at, node }: PartyDirectory,
  explainerOf: ExplainerOf,
): readonly Doubt[] {
  const assumed = world.pods.filter(({ assumedNode }) => assumedNode);
  if (assumed.length === 0 && !hasNodelessBackend(world)) return [];
  const withoutNode = new Set(assumed.flatMap(({ addresses }) => addresses));
  const backendDoubt = (service: Service, to: FlowEnd): string | undefined => {
    const { internalTrafficPolicy, externalTrafficPolicy, clusterIps } = service;
    const isLocal = internalTrafficPolicy === 'Local' || externalTrafficPolicy === 'Local';
    // Through a node the source is translated, but for a backend on that node.
    const isThroughNode =
      to.kind === 'node' || (to.kind === 'ip' && !clusterIps.includes(to.address));
    const backends = service.ports.flatMap((port) => port.backends);
    const doubtful = backends.find(
      (one) => withoutNode.has(one.address) || (one.node === undefined && !at(one.address).pod),
    );
    if (!(isLocal || isThroughNode) || doubtful === undefined) return undefined;
    return `the input does not give the node of ${doubtful.address}, an endpoint of Service ${service.namespace}/${service.name}, and the call hangs on it: add the pod's nodeName`;
  };
  const servicesAt = servicesCalled(world);
  const atOwnNode: Doubt = ({ from, to }, { verdict }) => {
    if (from.kind !== 'node' || to.kind !== 'pod' || node(from.name) === undefined)
      return undefined;
    const pod = assumed.find(
      ({ namespace, name }) => namespace === to.namespace && name === to.name,
    );
    // A node reaches its own pods whatever policies say: elsewhere they may refuse it.
    const isOwn = pod?.node === from.name;
    if (pod === undefined || isOwn !== (verdict === 'allowed')) return undefined;
    return `the input does not give the node of ${to.namespace}/${to.name}, and a node reaches its own pods past policies: add the pod's nodeName`;
  };
  return [
    atOwnNode,
    callerDoubt(world, explainerOf),
    (flow, base) =>
      servicesAt(flow)
        .filter((service) => !(isSameOnEveryNode(service, flow.to) && isRefusedAtCaller(base)))
        .flatMap((service) => backendDoubt(service, flow.to) ?? [])[0],
  ];
}

/**
 * Whether the caller's own egress refuses: it sees the pods behind a Service with the caller's address,
 * before any node translates the source.
 */
const isRefusedAtCaller = ({ verdict, flow, by }: Explanation): boolean =>
  verdict === 'denied' &&
  flow.from.kind === 'pod' &&
  by.length > 0 &&
  by.every(({ filter, direction }) => filter === 'network-policy' && direction === 'egress');

/**
 * Whether kube-proxy of every node rewrites the address and chooses among the same backends. A node's
 * own address is rewritten on that node alone.
 */
const isSameOnEveryNode = (
  {
    internalTrafficPolicy,
    externalTrafficPolicy,
    ports,
    clusterIps,
    externalIps = [],
    balancerVips = [],
  }: Service,
  to: FlowEnd,
): boolean =>
  to.kind === 'ip' &&
  [...clusterIps, ...externalIps, ...balancerVips].includes(to.address) &&
  internalTrafficPolicy === 'Cluster' &&
  externalTrafficPolicy === 'Cluster' &&
  !ports.some(({ backends }) => backends.some((one) => one.zoneHints ?? one.nodeHints));

const hasNodelessBackend = ({ services }: World): boolean =>
  services.some(({ ports }) =>
    ports.some(({ backends }) => backends.some((one) => one.node === undefined)),
  );

/** The Services that a flow may call: by name, by an address of theirs, or at a node's port. */
export function servicesCalled({ services }: World): (flow: Flow) => readonly Service[] {
  return ({ to, port }) =>
    services.filter((service) => {
      const { namespace, name, clusterIps, externalIps = [], balancerVips = [] } = service;
      if (to.kind === 'service') return namespace === to.namespace && name === to.name;
      const hasNodePort = service.ports.some(({ nodePort }) => nodePort === port);
      if (to.kind !== 'ip') return to.kind === 'node' && hasNodePort;
      const own = [...clusterIps, ...externalIps, ...balancerVips];
      return own.includes(to.address) || hasNodePort;
    });
}

/** Most nodes that are tried for a caller. */
const MOST_NODES = 10;

/** A caller without a known node: kube-proxy of its own node may treat the call otherwise. */
function callerDoubt(world: World, explainerOf: ExplainerOf): Doubt {
  const calledBy = servicesCalled(world);
  return (flow, base) => {
    const { from, to } = flow;
    if (from.kind !== 'pod') return undefined;
    const isSame = calledBy(flow).every((service) => isSameOnEveryNode(service, to));
    if (isSame && isRefusedAtCaller(base)) return undefined;
    const caller = world.pods.find(
      ({ namespace, name }) => namespace === from.namespace && name === from.name,
    );
    if (!caller?.assumedNode || !calledBy(flow).some((one) => asksCallersNode(one, to))) {
      return undefined;
    }
    const { assumedNode: _, ...pod } = caller;
    const other = world.nodes.slice(0, MOST_NODES).find(({ name }) => {
      const pods = world.pods.map((one) => (one === caller ? { ...pod, node: name } : one));
      return explainerOf({ ...world, pods })(flow).verdict !== base.verdict;
    });
    if (other === undefined) return undefined;
    return `the input does not give the node of ${formatEnd(from)}, and from ${other.name} the call ends otherwise: add the pod's nodeName`;
  };
}

/** Whether kube-proxy's answer to a call of a Service depends on the caller's node. */
const asksCallersNode = (
  { internalTrafficPolicy, clusterIps, ports }: Service,
  to: FlowEnd,
): boolean =>
  internalTrafficPolicy === 'Local' ||
  to.kind === 'node' ||
  (to.kind === 'ip' && !clusterIps.includes(to.address)) ||
  ports.some(({ backends }) => backends.some((one) => one.zoneHints ?? one.nodeHints));
