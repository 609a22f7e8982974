import { parseIp } from '../model/address';
import type { Flow, FlowEnd } from '../model/flow';
import type { PodEndpoint, World } from '../model/world';
import { type EndName, type FlowCheck, parseTarget } from './check';
import type { Arrow } from './format';

/** Where names of a lab are looked up. */
export interface NameScope {
  readonly world: World;
  /** Namespace of names that say none. */
  readonly home: string;
}

/**
 * Every end that a name of a lab stands for: all pods of a workload, one Service, node or outsider.
 * Empty where nothing has that name.
 */
export function resolveEnd(name: EndName, { world, home }: NameScope): readonly FlowEnd[] {
  if (name === 'internet') return [{ kind: 'internet' }];
  if (name.startsWith('ip:')) {
    const address = parseIp(name.slice(3));
    return address === undefined ? [] : [{ kind: 'ip', address }];
  }
  if (name.startsWith('node:'))
    return world.nodes.filter((n) => n.name === name.slice(5)).map(nodeEnd);
  if (name.startsWith('svc:')) return resolveService(qualified(name.slice(4), home), world);
  const pods = podsOf(name, { world, home });
  if (pods.length > 0) return pods.map(podEnd);
  const outsider = world.outside.find((outside) => outside.name === name);
  return (outsider?.addresses ?? []).map((address) => ({ kind: 'ip', address }));
}

/** The pods of a workload (`frontend`, `outside/stranger`), or the one pod of that name. */
export function podsOf(name: EndName, { world, home }: NameScope): readonly PodEndpoint[] {
  const [namespace, own] = qualified(name, home);
  return world.pods.filter(
    (pod) =>
      pod.namespace === namespace && (pod.name === own || pod.workload.split('/')[1] === own),
  );
}

/** Every flow a check is about: each end behind `from` to each behind `to`, a pod to itself left out. */
export function flowsOf(
  check: Pick<FlowCheck, 'from' | 'to' | 'protocol'>,
  scope: NameScope,
): readonly Flow[] {
  const { end, port } = parseTarget(check.to);
  return resolveEnd(check.from, scope).flatMap((from) =>
    resolveEnd(end, scope)
      .filter((to) => !sameEnd(from, to))
      .map((to) => ({ from, to, protocol: check.protocol ?? 'TCP', port })),
  );
}

/**
 * The control of a denied flow to a pod: from the pod's own node to the same port, which
 * NetworkPolicy never closes ("traffic to and from the node where a Pod is running is always
 * allowed", Kubernetes: Network Policies). Where this one fails too, the target is dead and the
 * denial proves nothing. `undefined` where the target is no pod.
 */
export function controlOf(flow: Flow, world: World): Flow | undefined {
  const { to } = flow;
  if (to.kind !== 'pod') return undefined;
  const pod = world.pods.find((p) => p.namespace === to.namespace && p.name === to.name);
  return pod === undefined ? undefined : { ...flow, from: { kind: 'node', name: pod.node } };
}

/** Both sides of `frontend -> backend:8080`. */
export function parseArrow(arrow: Arrow): Pick<FlowCheck, 'from' | 'to'> {
  const [from = '', to = ''] = arrow.split(' -> ');
  return { from, to: to as FlowCheck['to'] };
}

const qualified = (name: string, home: string): readonly [namespace: string, own: string] => {
  const [first = '', second] = name.split('/');
  return second === undefined ? [home, first] : [first, second];
};

const podEnd = (pod: PodEndpoint): FlowEnd => ({
  kind: 'pod',
  namespace: pod.namespace,
  name: pod.name,
});

const nodeEnd = (node: { readonly name: string }): FlowEnd => ({ kind: 'node', name: node.name });

const resolveService = (
  [namespace, name]: readonly [string, string],
  world: World,
): readonly FlowEnd[] =>
  world.services.some((service) => service.namespace === namespace && service.name === name)
    ? [{ kind: 'service', namespace, name }]
    : [];

const sameEnd = (a: FlowEnd, b: FlowEnd): boolean => JSON.stringify(a) === JSON.stringify(b);
