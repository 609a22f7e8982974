import type { KubernetesObject } from '@kubernetes/client-node';
import { type Check, type EndName, type HttpCheck, parseTarget } from '../../lab/check';
import { type NameScope, resolveEnd } from '../../lab/resolve';
import { type Ip, ip } from '../../model/address';
import type { FlowEnd } from '../../model/flow';

/** What a lab in a cluster is, as far as it decides which of its checks can be observed there. */
export interface RemoteView {
  readonly target: 'kind' | 'eks';
  /** Where the lab's names are looked up: the world of its stage. */
  readonly scope: NameScope;
  /** The stage changes the lab's VPC, and only a template shows that. */
  readonly changesVpc: boolean;
  /** Hosts that the stage routes, and by which kind of object. */
  readonly hosts: ReadonlyMap<string, 'Ingress' | 'Gateway'>;
}

/**
 * Why a check cannot be observed in a cluster, or nothing where it can. A check is observed from
 * inside the lab's own pods, so both ends must be there: what a lab puts outside the cluster exists
 * on the local target alone.
 */
export function whyElsewhere(check: Check, view: RemoteView): string | undefined {
  switch (check.kind) {
    case 'flow':
      return whyNotTried(check.from, parseTarget(check.to).end, view);
    case 'distribution':
      return whyNotTried(check.from, parseTarget(check.to).end, view);
    case 'http':
      return whyNotFrom(check.from, view) ?? whyNotAsked(check, view);
    case 'state':
      return view.changesVpc ? CHANGES_VPC : undefined;
    case 'dns':
      return whyNotFrom(check.from, view);
    case 'ping':
      return 'the pods may not send ICMP: they run without privileges';
    case 'wire':
    case 'machines':
    case 'fact':
      return 'a pod in a cluster cannot look into a node';
    case 'explanation':
    case 'staged':
      return 'a prediction is made from the lab’s own manifests, the same on every target';
    case 'object':
      return view.target === 'kind' && check.object === 'Ingress'
        ? 'a kind cluster has no controller for the class of the Ingress'
        : undefined;
    case 'admission':
    case 'answer':
      return undefined;
  }
}

const CHANGES_VPC =
  'the stage changes the VPC, and a stage in a cluster changes Kubernetes objects alone';

function whyNotTried(from: EndName, to: EndName, view: RemoteView): string | undefined {
  const source = whyNotFrom(from, view);
  if (source !== undefined) return source;
  if (view.changesVpc) return CHANGES_VPC;
  return resolveEnd(to, view.scope)
    .map((end) => whyNotTo(end, view))
    .find(isReason);
}

const isReason = (reason: string | undefined): reason is string => reason !== undefined;

function whyNotFrom(from: EndName, { scope }: RemoteView): string | undefined {
  const ends = resolveEnd(from, scope);
  return ends.some(({ kind }) => kind !== 'pod') || from === 'internet'
    ? `a probe cannot start from ${from}, only from inside the lab's pods`
    : undefined;
}

function whyNotTo(end: FlowEnd, { scope }: RemoteView): string | undefined {
  switch (end.kind) {
    case 'pod':
    case 'service':
    case 'internet':
    case 'node':
      return undefined;
    case 'eni':
      return 'the cluster does not know the machines of its VPC';
    case 'ip':
      return whyNoHost(end.address, scope);
  }
}

/** Instance metadata, which nodes answer one hop away (IMDSv2, hop limit 1): pods get no answer. */
const METADATA = ip('169.254.169.254');

function whyNoHost(address: Ip, { world }: NameScope): string | undefined {
  const outsider = world.outside.find(({ addresses }) => addresses.includes(address));
  if (address === METADATA) {
    return 'instance metadata answers nodes alone: its answers travel one hop';
  }
  return outsider === undefined
    ? undefined
    : `${outsider.name} is a host of the local target; nothing has its address here`;
}

function whyNotAsked({ url, door }: HttpCheck, view: RemoteView): string | undefined {
  const { hostname, protocol } = new URL(url);
  const asked = door ?? hostname;
  const route = view.hosts.get(asked);
  const isOutside = view.scope.world.outside.some(({ name }) => name === asked);
  if (route === undefined) {
    return isOutside ? `${asked} is a host of the local target` : undefined;
  }
  if (view.target === 'kind') return `a kind cluster has no load balancer for the ${route}`;
  return protocol === 'https:' && route === 'Ingress'
    ? 'the load balancer has no certificate for an example’s host, so it does not listen for HTTPS'
    : undefined;
}

/** The hosts that the objects of a stage route. */
export function routedHosts(
  objects: readonly KubernetesObject[],
): ReadonlyMap<string, 'Ingress' | 'Gateway'> {
  const hosts = new Map<string, 'Ingress' | 'Gateway'>();
  for (const object of objects) {
    const { rules = [], listeners = [] } = (object as RoutingObject).spec ?? {};
    if (object.kind === 'Ingress') for (const { host = '' } of rules) hosts.set(host, 'Ingress');
    if (object.kind === 'Gateway') {
      for (const { hostname = '' } of listeners) hosts.set(hostname, 'Gateway');
    }
  }
  return hosts;
}

interface RoutingObject {
  readonly spec?: {
    readonly rules?: readonly { readonly host?: string }[];
    readonly listeners?: readonly { readonly hostname?: string }[];
  };
}
