import { familyOf, type Ip } from '../../model/address';
import type {
  HttpAction,
  HttpBackend,
  HttpHeaderChange,
  HttpListener,
  HttpTarget,
} from '../../model/http';
import type { Backend, World } from '../../model/world';
import type { EnvoyMessage } from './envoy-match';

/** A part of a rule's requests: a Service's endpoints, or a status. */
export type BackendPart =
  | {
      readonly kind: 'cluster';
      readonly name: string;
      readonly weight: number;
      readonly endpoints: readonly Backend[];
      readonly request: HttpHeaderChange;
      readonly response: HttpHeaderChange;
    }
  | { readonly kind: 'status'; readonly weight: number; readonly status: number };

/**
 * Backends of a rule as parts. Controllers send to the ready endpoints of a Service, past its
 * cluster address; a part without any is answered with 503 (Gateway API: HTTPRouteRule,
 * backendRefs).
 */
export const partsOf = (world: World, backends: readonly HttpBackend[]): readonly BackendPart[] =>
  backends
    .filter(({ weight }) => weight > 0)
    .map(({ target, weight, request, response }): BackendPart => {
      if (target.kind === 'status') return { kind: 'status', weight, status: target.status };
      const endpoints = endpointsOf(world, target).filter(({ ready }) => ready);
      if (endpoints.length === 0) return { kind: 'status', weight, status: 503 };
      return { kind: 'cluster', name: nameOf(target), weight, endpoints, request, response };
    });

type ServiceTarget = Extract<HttpTarget, { kind: 'service' }>;

/** Endpoints of the Service's port; empty where there is no such Service or port. */
function endpointsOf(world: World, { namespace, name, port }: ServiceTarget): readonly Backend[] {
  const found = world.services.find((one) => one.namespace === namespace && one.name === name);
  return found?.ports.find((one) => one.port === port || one.name === port)?.backends ?? [];
}

const nameOf = ({ namespace, name, port }: ServiceTarget): string => `${namespace}/${name}:${port}`;

/** Everything that a listener does with requests. */
export const actionsOf = ({ rules, otherwise }: HttpListener): readonly HttpAction[] => [
  ...rules.map(({ action }) => action),
  otherwise,
];

/** Every backend that an action sends requests or copies to. */
const backendsOf = (action: HttpAction): readonly HttpTarget[] =>
  action.kind === 'forward'
    ? [
        ...action.backends.filter(({ weight }) => weight > 0).map(({ target }) => target),
        ...action.mirrors.map(({ backend }) => backend),
      ]
    : [];

/** Clusters of Envoy for every Service that some actions send to. */
export function clustersFor(world: World, actions: readonly HttpAction[]): readonly EnvoyMessage[] {
  const targets = new Map<string, ServiceTarget>();
  for (const target of actions.flatMap(backendsOf)) {
    if (target.kind === 'service') targets.set(nameOf(target), target);
  }
  return [...targets].flatMap(([name, target]) => {
    const endpoints = endpointsOf(world, target).filter(({ ready }) => ready);
    return endpoints.length === 0 ? [] : [clusterOf(name, endpoints)];
  });
}

const clusterOf = (name: string, endpoints: readonly Backend[]): EnvoyMessage => ({
  name,
  type: 'STATIC',
  connect_timeout: '1s',
  lb_policy: 'ROUND_ROBIN',
  load_assignment: {
    cluster_name: name,
    endpoints: [
      {
        lb_endpoints: endpoints.map(({ address, port }) => ({
          endpoint: { address: { socket_address: { address, port_value: port } } },
        })),
      },
    ],
  },
});

/** Addresses that proxies ask over HTTP, as `address port`. */
export const askedOverHttp = (world: World, actions: readonly HttpAction[]): ReadonlySet<string> =>
  new Set(
    actions
      .flatMap(backendsOf)
      .flatMap((target) => (target.kind === 'service' ? endpointsOf(world, target) : []))
      .map(({ address, port }) => `${address} ${port}`),
  );

/** All families among addresses. */
export const familiesOf = (addresses: readonly Ip[]): ReadonlySet<4 | 6> =>
  new Set(addresses.map(familyOf));
