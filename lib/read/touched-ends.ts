import type { Filter } from '../model/explanation';
import type { TouchedEnds } from '../model/left-out';
import type { Selector } from '../model/selector';
import { labelSelector, toSelector } from './policies/label-selector';
import { newReport } from './schema/at';
import type { ManifestObject } from './schema/documents';
import { BAD } from './schema/refusal';

const EVERYTHING: readonly TouchedEnds[] = [{ kind: 'everything' }];
const ADDRESSES: TouchedEnds = { kind: 'addresses' };

const WORKLOADS: ReadonlySet<string> = new Set([
  ...['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'],
]);
/** What reads HTTP: it changes no verdict about packets, unless a template has its load balancer. */
const HTTP_KINDS: ReadonlySet<string> = new Set([
  ...['Ingress', 'IngressClass', 'IngressClassParams', 'Gateway', 'GatewayClass', 'HTTPRoute'],
  ...['ReferenceGrant', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'ListenerSet'],
  ...['BackendTLSPolicy', 'XListenerSet', 'XBackendTrafficPolicy', 'TargetGroupBinding'],
  ...['LoadBalancerConfiguration', 'TargetGroupConfiguration', 'ListenerRuleConfiguration'],
]);

/**
 * Whose answers an object may change that could not be read. Where that cannot be told, it is
 * everybody's: an answer that is wrong costs more than one that is missing.
 *
 * @param twins whether another object has its kind and name: then its selector is not known
 */
export function touchedEnds(
  object: ManifestObject,
  { hasVpc, twins }: { readonly hasVpc: boolean; readonly twins: boolean },
): readonly TouchedEnds[] {
  const { kind, apiVersion } = object;
  const named = nameOf(object);
  if (HTTP_KINDS.has(kind)) return hasVpc ? EVERYTHING : [];
  if (named === undefined) return EVERYTHING;
  const { namespace, name } = named;
  const pods: TouchedEnds = { kind: 'pods', namespace };
  if (WORKLOADS.has(kind)) {
    const own: TouchedEnds = { kind: 'pod', namespace, name };
    return [own, { kind: 'service', namespace }, ADDRESSES];
  }
  switch (kind) {
    case 'NetworkPolicy': {
      const selector = twins ? undefined : selectorOf(object);
      return [selector === undefined ? pods : { ...pods, selector }];
    }
    case 'StagedNetworkPolicy':
    case 'StagedKubernetesNetworkPolicy':
    case 'SecurityGroupPolicy':
    case 'ServiceAccount':
      return [pods];
    case 'Namespace':
      return [
        { kind: 'pods', namespace: name },
        { kind: 'service', namespace: name },
      ];
    case 'Service':
      return apiVersion === 'v1' ? [{ kind: 'service', namespace, name }, ADDRESSES] : EVERYTHING;
    case 'EndpointSlice':
    case 'Endpoints':
      return [{ kind: 'service', namespace }, ADDRESSES];
    case 'Node':
      return [{ kind: 'node', name }, ADDRESSES];
    default:
      return EVERYTHING;
  }
}

/** The filter that an object is part of, for the evidence of an unknown verdict. */
export function filterOf({ apiVersion, kind }: ManifestObject): Filter {
  if (apiVersion.includes('projectcalico.org')) return 'calico-policy';
  if (apiVersion.startsWith('policy.networking.k8s.io/')) return 'cluster-network-policy';
  return kind === 'NetworkPolicy' ? 'network-policy' : 'route';
}

/** Kind, namespace and name as a person writes them. */
export function objectName(object: ManifestObject): string | undefined {
  const named = nameOf(object);
  const CLUSTER_WIDE = /^(Namespace|Node|Tier|Global|ClusterNetworkPolicy|\w*AdminNetworkPolicy)/;
  if (named === undefined) return undefined;
  const isCluster = CLUSTER_WIDE.test(object.kind);
  return `${object.kind} ${isCluster ? named.name : `${named.namespace}/${named.name}`}`;
}

interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** Namespace and name; `undefined` where either is no text or there is no name. */
function nameOf({ value }: ManifestObject): ObjectName | undefined {
  const meta: unknown = Reflect.get(value, 'metadata');
  if (typeof meta !== 'object' || meta === null) return undefined;
  const name: unknown = Reflect.get(meta, 'name');
  const written: unknown = Reflect.get(meta, 'namespace') ?? 'default';
  if (typeof name !== 'string' || name === '' || typeof written !== 'string') return undefined;
  return { namespace: written === '' ? 'default' : written, name };
}

/** The pods that a NetworkPolicy of Kubernetes selects, where its selector can be read. */
function selectorOf({ apiVersion, value }: ManifestObject): Selector | undefined {
  const spec: unknown = Reflect.get(value, 'spec');
  if (apiVersion !== 'networking.k8s.io/v1' || typeof spec !== 'object' || spec === null) {
    return undefined;
  }
  const written: unknown = Reflect.get(spec, 'podSelector');
  if (written === undefined) return undefined;
  const report = newReport();
  const read = labelSelector(written, { file: '', document: 0, path: '', report });
  return read === BAD || report.problems.length > 0 ? undefined : toSelector(read);
}
