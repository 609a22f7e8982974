import { type At, complain, inside } from '../schema/at';
import type { ManifestObject } from '../schema/documents';

/** Kinds that say who reaches whom over HTTP and are not read, by group, with what to do. */
const UNSUPPORTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'gateway.networking.k8s.io': {
    GRPCRoute: 'write an HTTPRoute: gRPC is HTTP with POST and a path /service/method',
    TLSRoute: 'leave it out: TLS is not passed through here',
    TCPRoute: 'leave it out, or write a Service of type LoadBalancer',
    UDPRoute: 'leave it out, or write a Service of type LoadBalancer',
    ListenerSet: 'write its listeners in the Gateway',
    BackendTLSPolicy: 'leave it out: the way to backends is plain HTTP here',
  },
  'gateway.networking.x-k8s.io': {
    XListenerSet: 'write its listeners in the Gateway',
    XBackendTrafficPolicy: 'leave it out: retries and session persistence are not served here',
  },
  'elbv2.k8s.aws': {
    TargetGroupBinding: 'write an Ingress or a Service of type LoadBalancer for the same Service',
  },
  'gateway.k8s.aws': {
    LoadBalancerConfiguration: 'leave it out, or write an Ingress with annotations',
    TargetGroupConfiguration: 'leave it out, or write an Ingress with annotations',
    ListenerRuleConfiguration: 'leave it out, or write an Ingress with annotations',
  },
};

/** Labels of objects that the AWS Load Balancer Controller makes itself: what they say is known. */
const MADE_BY_CONTROLLER = [
  'ingress.k8s.aws/stack',
  'service.k8s.aws/stack',
  'gateway.k8s.aws.alb/stack',
];

/** Refuses an object of a kind that is about HTTP and not read here, by name; answers whether it did. */
export function refuseUnsupported({ at, apiVersion, kind, value }: ManifestObject): boolean {
  const group = apiVersion.split('/')[0] ?? '';
  const kinds = Object.hasOwn(UNSUPPORTED, group) ? UNSUPPORTED[group] : undefined;
  const fix = kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (fix === undefined || isMade(value)) return false;
  complain(kindAt(at), `${kind} is not supported here: what it lets in is not known`, fix);
  return true;
}

const kindAt = (at: At): At => inside(at, 'kind');

function isMade(value: object): boolean {
  const meta: unknown = Reflect.get(value, 'metadata');
  if (typeof meta !== 'object' || meta === null || !('labels' in meta)) return false;
  const { labels } = meta;
  return (
    typeof labels === 'object' &&
    labels !== null &&
    MADE_BY_CONTROLLER.some((label) => Object.hasOwn(labels, label))
  );
}
