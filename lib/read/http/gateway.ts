import { labelSelector, toSelector } from '../policies/label-selector';
import { type At, complain, inside } from '../schema/at';
import { type Metadata, resource } from '../schema/metadata';
import { dnsLabel, dnsSubdomain, portNumber } from '../schema/names';
import { BAD } from '../schema/refusal';
import {
  anything,
  checked,
  list,
  mapped,
  object,
  oneOf,
  type Read,
  type Shape,
  text,
} from '../schema/shape';
import { tabled } from './fields';
import {
  GATEWAY_CLASS_FIELDS,
  GATEWAY_FIELDS,
  INGRESS_CLASS_FIELDS,
  INGRESS_CLASS_PARAMS_FIELDS,
  REFERENCE_GRANT_FIELDS,
} from './gateway-fields';
import { hostname } from './names';
import type {
  GatewayClassObject,
  GatewayListener,
  GatewayObject,
  IngressClassObject,
  IngressClassParamsObject,
  ReferenceGrantObject,
} from './objects';

const GROUP = 'gateway.networking.k8s.io';

const allowedRoutes = object({
  optional: {
    namespaces: checked(
      object({
        optional: { from: oneOf('Same', 'All', 'Selector', 'None'), selector: labelSelector },
      }),
      ({ from, selector }, at) => {
        if (from !== 'Selector' || selector !== undefined) return;
        complain(inside(at, 'selector'), 'selector is missing', 'add it, or write from: Same');
      },
    ),
    kinds: list(object({ required: { kind: text() }, optional: { group: text() } })),
  },
});

const certificateRef = object({
  required: { name: dnsSubdomain },
  optional: { namespace: dnsLabel, kind: text(), group: text() },
});

const listener = object({
  required: { name: dnsSubdomain, port: portNumber, protocol: text() },
  optional: {
    hostname,
    allowedRoutes,
    tls: object({
      optional: {
        mode: oneOf('Terminate', 'Passthrough'),
        certificateRefs: list(certificateRef),
        options: anything,
      },
    }),
  },
});

const gatewaySpec = checked(
  object({ required: { gatewayClassName: dnsSubdomain, listeners: list(listener, 64) } }),
  ({ listeners }, at) => checkListeners(listeners, inside(at, 'listeners')),
);

/** `gateway.networking.k8s.io` Gateway. */
export const gateway: Shape<GatewayObject> = tabled(
  GATEWAY_FIELDS,
  mapped(resource(gatewaySpec), ({ metadata: meta, spec }) => ({
    meta,
    className: spec.gatewayClassName,
    listeners: spec.listeners.map((one) => listenerOf(one, meta)),
  })),
);

type ListenerFields = Read<typeof listener>;

function listenerOf(one: ListenerFields, meta: Metadata): GatewayListener {
  const { allowedRoutes: allowed = {}, tls, hostname: host } = one;
  const { from = 'Same', selector = {} } = allowed.namespaces ?? {};
  const kinds = (allowed.kinds ?? []).map(({ group = GROUP, kind }) => ({ group, kind }));
  return {
    name: one.name,
    port: one.port,
    protocol: one.protocol,
    from: from === 'Selector' ? toSelector(selector) : from,
    ...(host !== undefined && { hostname: host }),
    ...(kinds.length > 0 && { kinds }),
    ...(tls !== undefined && {
      tls: {
        hasOptions: tls.options !== undefined,
        certificates: (tls.certificateRefs ?? []).map((ref) => ({
          group: ref.group ?? '',
          kind: ref.kind ?? 'Secret',
          namespace: ref.namespace ?? meta.namespace,
          name: ref.name,
        })),
      },
    }),
  };
}

/** What the API server's rules on `spec.listeners` refuse (Gateway API: CEL rules of the CRD). */
function checkListeners(listeners: readonly ListenerFields[], at: At): void {
  if (listeners.length === 0) complain(at, 'there is no listener', 'add one');
  const names = new Set<string>();
  const places = new Set<string>();
  for (const [i, one] of listeners.entries()) {
    const here = inside(at, i);
    const { name, port, protocol, hostname: host = '', tls } = one;
    if (names.has(name)) {
      complain(inside(here, 'name'), `two listeners are named '${name}'`, 'rename one');
    }
    const place = `${port} ${protocol} ${host}`;
    if (places.has(place)) {
      const problem = `two listeners have port ${port}, protocol ${protocol} and the same hostname`;
      complain(here, problem, 'change one of the three');
    }
    names.add(name);
    places.add(place);
    if (tls !== undefined && ['HTTP', 'TCP', 'UDP'].includes(protocol)) {
      complain(inside(here, 'tls'), `tls is not for protocol ${protocol}`, 'write HTTPS or TLS');
    }
    if (protocol === 'HTTPS' && tls?.mode === 'Passthrough') {
      complain(inside(here, 'tls'), 'mode must be Terminate for HTTPS', 'write mode: Terminate');
    }
    if (tls !== undefined && tls.mode !== 'Passthrough' && isEmpty(tls)) {
      const problem = 'certificateRefs is missing where mode is Terminate';
      complain(inside(here, 'tls'), problem, 'name a Secret in certificateRefs');
    }
  }
}

const isEmpty = (tls: NonNullable<ListenerFields['tls']>): boolean =>
  (tls.certificateRefs ?? []).length === 0 && tls.options === undefined;

/** `gateway.networking.k8s.io` GatewayClass. */
export const gatewayClass: Shape<GatewayClassObject> = tabled(
  GATEWAY_CLASS_FIELDS,
  mapped(
    resource(object({ required: { controllerName: text() } })),
    ({ metadata: meta, spec }) => ({ meta, controller: spec.controllerName }),
  ),
);

const referenceGrantSpec = object({
  required: {
    from: list(object({ required: { group: text(), kind: text(), namespace: dnsLabel } })),
    to: list(
      object({ required: { group: text(), kind: text() }, optional: { name: dnsSubdomain } }),
    ),
  },
});

/** `gateway.networking.k8s.io` ReferenceGrant. */
export const referenceGrant: Shape<ReferenceGrantObject> = tabled(
  REFERENCE_GRANT_FIELDS,
  mapped(resource(referenceGrantSpec), ({ metadata: meta, spec: { from, to } }) => ({
    meta,
    from,
    to,
  })),
);

const PARAMS_GROUP = 'elbv2.k8s.aws';

const ingressClassSpec = object({
  required: { controller: text() },
  optional: {
    parameters: object({
      required: { kind: text(), name: text() },
      optional: { apiGroup: text(), scope: text(), namespace: text() },
    }),
  },
});

/** `networking.k8s.io/v1` IngressClass. */
export const ingressClass: Shape<IngressClassObject> = tabled(
  INGRESS_CLASS_FIELDS,
  mapped(resource(ingressClassSpec), ({ metadata: meta, spec: { controller, parameters } }, at) => {
    const isAlb = controller === 'ingress.k8s.aws/alb';
    if (isAlb && parameters !== undefined && parameters.apiGroup !== PARAMS_GROUP) {
      const place = inside(inside(at, 'spec'), 'parameters');
      const problem = 'the AWS Load Balancer Controller does not know these parameters';
      complain(place, problem, 'write an IngressClassParams of apiGroup elbv2.k8s.aws');
      return BAD;
    }
    const mark = meta.annotations['ingressclass.kubernetes.io/is-default-class'];
    return {
      meta,
      controller,
      isDefault: mark === 'true',
      ...(parameters !== undefined && { params: parameters.name }),
    };
  }),
);

const paramsSpec = object({
  optional: {
    namespaceSelector: labelSelector,
    group: object({ required: { name: text() } }),
    scheme: oneOf('internal', 'internet-facing'),
    targetType: oneOf('instance', 'ip'),
    ipAddressType: oneOf('ipv4', 'dualstack', 'dualstack-without-public-ipv4'),
    sslRedirectPort: text(),
    inboundCIDRs: list(text()),
    certificateArn: list(text()),
    prefixListsIDs: list(text()),
    PrefixListsIDs: list(text()),
    subnets: object({ optional: { ids: list(text()) } }),
  },
});

/** `elbv2.k8s.aws/v1beta1` IngressClassParams. */
export const ingressClassParams: Shape<IngressClassParamsObject> = tabled(
  INGRESS_CLASS_PARAMS_FIELDS,
  mapped(resource(paramsSpec), ({ metadata: meta, spec }) => ({
    meta,
    inboundCidrs: spec.inboundCIDRs ?? [],
    prefixLists: spec.prefixListsIDs ?? spec.PrefixListsIDs ?? [],
    certificates: spec.certificateArn ?? [],
    subnets: spec.subnets?.ids ?? [],
    ...(spec.namespaceSelector !== undefined && { namespaces: toSelector(spec.namespaceSelector) }),
    ...(spec.group !== undefined && { group: spec.group.name }),
    ...(spec.scheme !== undefined && { scheme: spec.scheme }),
    ...(spec.targetType !== undefined && { targetType: spec.targetType }),
    ...(spec.ipAddressType !== undefined && { ipAddressType: spec.ipAddressType }),
    ...(spec.sslRedirectPort !== undefined && { sslRedirectPort: spec.sslRedirectPort }),
  })),
);
