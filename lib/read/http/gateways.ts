import { type HttpListener, type HttpProxy, type HttpRule, NOT_FOUND } from '../../model/http';
import { inside } from '../schema/at';
import { gatewayBalancer } from './alb-gateway';
import {
  allowsNamespace,
  commonHosts,
  GATEWAY_GROUP,
  isGranted,
  namesListener,
  parentGateway,
  takesHttpRoutes,
} from './attach';
import type { Conditions, HttpCluster } from './cluster';
import type { HttpRouteObject, ParentRef } from './http-route';
import type { GatewayListener, GatewayObject, HttpObjects, Placed } from './objects';
import { type RouteRules, rulesOf } from './routes';

export const ALB_GATEWAY_CONTROLLER = 'gateway.k8s.aws/alb';

/** Classes that the labs' clusters come with (lib/cloud/addons/gateway-api.ts). */
const KNOWN_CLASSES: Readonly<Record<string, string>> = { alb: ALB_GATEWAY_CONTROLLER };

/** A Gateway that a controller implements, with its listeners that are programmed. */
interface Programmed {
  readonly gateway: Placed<GatewayObject>;
  readonly controller: string | undefined;
  readonly pods: readonly string[];
  readonly listeners: readonly GatewayListener[];
  readonly rules: Map<string, HttpRule[]>;
}

interface Input {
  readonly objects: HttpObjects;
  readonly cluster: HttpCluster;
  readonly conditions: Conditions;
}

/** Proxies of Gateways, with the rules of the HTTPRoutes that are attached to each listener. */
export function gatewayProxies(input: Input): readonly HttpProxy[] {
  const programmed = new Map<string, Programmed>();
  for (const gateway of input.objects.gateways) {
    const { namespace, name } = gateway.value.meta;
    const found = program(gateway, input);
    if (found !== undefined) programmed.set(`${namespace}/${name}`, found);
  }
  for (const route of input.objects.httpRoutes) attachRoute(route, programmed, input);
  return [...programmed].map(([id, one]) => proxyOf(id, one));
}

function proxyOf(id: string, { controller, pods, listeners, rules }: Programmed): HttpProxy {
  const written = listeners.map(
    (one): HttpListener => ({
      name: one.name,
      port: one.port,
      protocol: one.protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
      rules: rules.get(one.name) ?? [],
      otherwise: NOT_FOUND,
      ...(one.hostname !== undefined && { hostname: one.hostname }),
    }),
  );
  const balancer = controller === ALB_GATEWAY_CONTROLLER ? gatewayBalancer(id, written) : undefined;
  return {
    id: `Gateway ${id}`,
    kind: 'gateway',
    pods,
    hosts: [],
    listeners: written,
    ...(balancer !== undefined && { balancer }),
  };
}

/** Which listeners of a Gateway its controller would program, and what it says of the others. */
function program(
  gateway: Placed<GatewayObject>,
  { objects, cluster, conditions }: Input,
): Programmed | undefined {
  const { meta, className, listeners } = gateway.value;
  const pods = cluster.pods
    .filter(
      ({ namespace, labels }) =>
        namespace === meta.namespace &&
        labels['gateway.networking.k8s.io/gateway-name'] === meta.name,
    )
    .map(({ namespace, name }) => `${namespace}/${name}`);
  const known = objects.gatewayClasses.find(({ value }) => value.meta.name === className);
  const controller = known?.value.controller ?? KNOWN_CLASSES[className];
  const about = { kind: 'Gateway', namespace: meta.namespace, name: meta.name } as const;
  if (controller === undefined && pods.length === 0) {
    conditions.add(
      {
        ...about,
        type: 'Accepted',
        status: 'False',
        reason: 'Pending',
        message: `GatewayClass ${className} is not here, so no controller is known to serve this Gateway`,
      },
      inside(inside(gateway.at, 'spec'), 'gatewayClassName'),
      'add the GatewayClass to the files, or name one that exists',
    );
    return undefined;
  }
  conditions.add(
    { ...about, type: 'Accepted', status: 'True', reason: 'Accepted', message: '' },
    gateway.at,
  );
  const good = programmedListeners(gateway, listeners, { objects, conditions });
  return { gateway, controller, pods, listeners: good, rules: new Map() };
}

/** Listeners that a controller would program; the others get a condition with the reason. */
const programmedListeners = (
  gateway: Placed<GatewayObject>,
  listeners: readonly GatewayListener[],
  { objects, conditions }: Pick<Input, 'objects' | 'conditions'>,
): readonly GatewayListener[] =>
  listeners.filter((one, i) => {
    const wrong = listenerProblem(one, gateway.value, objects);
    if (wrong === undefined) return true;
    const { namespace, name } = gateway.value.meta;
    const place = inside(inside(inside(gateway.at, 'spec'), 'listeners'), i);
    const { fix, ...condition } = wrong;
    const part = `listener ${one.name}`;
    const about = { kind: 'Gateway', namespace, name, part, status: 'False' } as const;
    conditions.add({ ...about, ...condition }, place, fix);
    return false;
  });

interface ListenerProblem {
  readonly type: 'Accepted' | 'ResolvedRefs';
  readonly reason: string;
  readonly message: string;
  readonly fix: string;
}

/** Why a listener is not programmed, or nothing (Gateway API: ListenerConditionReason). */
function listenerProblem(
  listener: GatewayListener,
  { meta, listeners }: GatewayObject,
  { referenceGrants }: HttpObjects,
): ListenerProblem | undefined {
  const { protocol, port, tls } = listener;
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') {
    return {
      type: 'Accepted',
      reason: 'UnsupportedProtocol',
      message: `protocol ${protocol} is not served here`,
      fix: 'use HTTP or HTTPS',
    };
  }
  if (listeners.some((one) => one.port === port && one.protocol !== protocol)) {
    return {
      type: 'Accepted',
      reason: 'ProtocolConflict',
      message: `port ${port} is used with two protocols`,
      fix: 'use another port for one of them',
    };
  }
  return protocol === 'HTTP' ? undefined : certificateProblem(tls, meta.namespace, referenceGrants);
}

/** Why the certificates of a listener cannot be used, or nothing. */
function certificateProblem(
  tls: GatewayListener['tls'],
  namespace: string,
  referenceGrants: HttpObjects['referenceGrants'],
): ListenerProblem | undefined {
  const from = { group: GATEWAY_GROUP, kind: 'Gateway', namespace };
  const grants = referenceGrants.map(({ value }) => value);
  const invalid = (reason: string, message: string): ListenerProblem => ({
    type: 'ResolvedRefs',
    reason,
    message,
    fix: 'name a Secret of its own namespace in tls.certificateRefs, or add a ReferenceGrant',
  });
  if (tls === undefined || (tls.certificates.length === 0 && !tls.hasOptions)) {
    return invalid('InvalidCertificateRef', 'there is no certificate for HTTPS');
  }
  const other = tls.certificates.find(({ group, kind }) => group !== '' || kind !== 'Secret');
  if (other !== undefined) {
    return invalid('InvalidCertificateRef', `certificate ${other.name} is of kind ${other.kind}`);
  }
  const barred = tls.certificates.find((ref) => !isGranted(from, ref, grants));
  return barred === undefined
    ? undefined
    : invalid(
        'RefNotPermitted',
        `no ReferenceGrant admits it to Secret ${barred.namespace}/${barred.name}`,
      );
}

function attachRoute(
  route: Placed<HttpRouteObject>,
  programmed: ReadonlyMap<string, Programmed>,
  input: Input,
): void {
  const { objects, cluster, conditions } = input;
  const grants = objects.referenceGrants.map(({ value }) => value);
  const made = rulesOf(route.value, { cluster, grants });
  for (const [i, parent] of route.value.parents.entries()) {
    const at = inside(inside(inside(route.at, 'spec'), 'parentRefs'), i);
    const { meta } = route.value;
    const part = `parent ${parent.namespace ?? meta.namespace}/${parent.name}`;
    const about = { kind: 'HTTPRoute', namespace: meta.namespace, name: meta.name, part } as const;
    const problem = attachTo(route, parent, { made, programmed, input });
    const accepted = problem ?? { reason: 'Accepted', message: '', fix: '' };
    const status = problem === undefined ? 'True' : 'False';
    const { reason, message, fix } = accepted;
    conditions.add({ ...about, type: 'Accepted', status, reason, message }, at, fix);
    for (const one of made.unresolved) {
      conditions.add(
        { ...about, type: 'ResolvedRefs', status: 'False', ...one },
        at,
        'its share of the requests is answered with 500: correct the backend',
      );
    }
  }
}

interface Unattached {
  readonly reason: string;
  readonly message: string;
  readonly fix: string;
}

interface AttachInput {
  readonly made: RouteRules;
  readonly programmed: ReadonlyMap<string, Programmed>;
  readonly input: Input;
}

interface ListenersInput {
  readonly made: RouteRules;
  readonly gateway: Programmed;
  readonly id: string;
  readonly input: Input;
}

const refuse = (reason: string, message: string, fix: string): Unattached => ({
  reason,
  message,
  fix,
});

/** Attaches a route to a parent's listeners, or says why it is not. */
function attachTo(
  { value: route }: Placed<HttpRouteObject>,
  parent: ParentRef,
  { made, programmed, input }: AttachInput,
): Unattached | undefined {
  const home = route.meta.namespace;
  const id = parentGateway(parent, home);
  const [expression] = made.unsupported;
  if (id === undefined) {
    const message = `a parent of kind ${parent.kind} is a mesh, which is not served here`;
    return refuse('InvalidKind', message, 'name a Gateway');
  }
  const exists = input.objects.gateways.some(
    ({ value: { meta } }) => `${meta.namespace}/${meta.name}` === id,
  );
  if (!exists)
    return refuse('NoMatchingParent', `it is of Gateway ${id}, which is not here`, 'add it');
  const gateway = programmed.get(id);
  if (gateway === undefined) {
    return refuse('NoMatchingParent', `Gateway ${id} is not programmed`, 'correct the Gateway');
  }
  if (expression !== undefined) {
    return refuse('UnsupportedValue', `the expression is not valid: ${expression}`, 'correct it');
  }
  return attachToListeners(route, parent, { made, gateway, id, input });
}

/** Attaches a route to those of a Gateway's listeners that it names and that admit it. */
function attachToListeners(
  route: HttpRouteObject,
  parent: ParentRef,
  { made, gateway, id, input }: ListenersInput,
): Unattached | undefined {
  const home = route.meta.namespace;
  const named = gateway.listeners.filter((one) => namesListener(parent, one));
  if (named.length === 0) {
    const message = `no listener of Gateway ${id} has this sectionName and port`;
    return refuse('NoMatchingParent', message, 'name a listener that is programmed');
  }
  const open = named.filter(
    (one) =>
      takesHttpRoutes(one) &&
      allowsNamespace(one, gateway.gateway.value, { name: home, all: input.cluster.namespaces }),
  );
  if (open.length === 0) {
    const message = `allowedRoutes of Gateway ${id} does not admit HTTPRoutes of namespace ${home}`;
    return refuse('NotAllowedByListeners', message, 'change allowedRoutes of the listener');
  }
  let attached = 0;
  for (const listener of open) {
    const hosts = commonHosts(listener.hostname, route.hostnames);
    if (hosts === undefined) continue;
    attached += 1;
    const rules = made.rules.map((rule): HttpRule => ({ ...rule, hosts }));
    gateway.rules.set(listener.name, [...(gateway.rules.get(listener.name) ?? []), ...rules]);
  }
  if (attached > 0) return undefined;
  const message = 'no hostname of it is one that the listener serves';
  return refuse('NoMatchingListenerHostname', message, 'change hostnames');
}
