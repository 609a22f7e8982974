import { familyOf, type Ip } from '../model/address';
import type { Backend, HttpBackend, HttpRoute, World } from '../model/world';

/** What a door does with a request that a route is for. */
export type Answer =
  | { readonly kind: 'upstream'; readonly name: string; readonly servers: readonly Server[] }
  | { readonly kind: 'status'; readonly status: number };

/** One pod behind a door, as nginx writes it. */
interface Server {
  /** Address and port. */
  readonly at: string;
  /** Its share among all of its upstream, at least 1. */
  readonly weight: number;
}

/**
 * A route's pods: the ready endpoints of its Services, as controllers address them, past the
 * Services' own addresses. Without any the answer is 503, and 500 where an HTTPRoute names no
 * Service that exists (Gateway API: HTTPRouteRule, backendRefs).
 */
export function answerOf(world: World, { kind, backends }: HttpRoute): Answer {
  const weighed = backends.filter(({ weight = 1 }) => weight > 0);
  const found = weighed.map((backend) => ({ backend, endpoints: endpointsOf(world, backend) }));
  const known = found.flatMap(({ backend, endpoints }) =>
    endpoints === undefined ? [] : [{ backend, ready: endpoints.filter(({ ready }) => ready) }],
  );
  const shares = known.filter(({ ready }) => ready.length > 0);
  if (shares.length === 0) {
    return { kind: 'status', status: kind === 'HTTPRoute' && known.length === 0 ? 500 : 503 };
  }
  // A Service's weight is spread over its pods, so all weights are brought to whole numbers.
  const common = shares.reduce((product, { ready }) => product * ready.length, 1);
  const servers = shares.flatMap(({ backend: { weight = 1 }, ready }) =>
    ready.map(({ address, port }) => ({
      at: `${inUrl(address)}:${port}`,
      weight: (weight * common) / ready.length,
    })),
  );
  const unit = servers.reduce((all, { weight }) => greatestCommon(all, weight), 0);
  return {
    kind: 'upstream',
    name: shares.map(({ backend }) => nameOf(backend)).join('+'),
    servers: servers.map(({ at, weight }) => ({ at, weight: weight / unit })),
  };
}

/** Addresses that doors ask over HTTP, as `address port`. */
export const askedOverHttp = (world: World, routes: readonly HttpRoute[]): ReadonlySet<string> =>
  new Set(
    routes
      .flatMap(({ backends }) => backends.flatMap((one) => endpointsOf(world, one) ?? []))
      .map(({ address, port }) => `${address} ${port}`),
  );

/** Endpoints of the Service's port; `undefined` where there is no such Service or port. */
function endpointsOf(
  world: World,
  { namespace, service, port }: HttpBackend,
): readonly Backend[] | undefined {
  const found = world.services.find((one) => one.namespace === namespace && one.name === service);
  return found?.ports.find((one) => one.port === port || one.name === port)?.backends;
}

const nameOf = ({ namespace, service, port, weight = 1 }: HttpBackend): string =>
  `${namespace}.${service}.${port}${weight === 1 ? '' : `.${weight}`}`;

const inUrl = (address: Ip): string => (familyOf(address) === 6 ? `[${address}]` : address);

const greatestCommon = (a: number, b: number): number => (b === 0 ? a : greatestCommon(b, a % b));
