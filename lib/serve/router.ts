import { Failure } from '../model/problem';
import { findLab } from '../session/catalogue';
import { STREAM_ROUTES, VALUE_ROUTES } from './routes/table';
import type { StreamHandler, ValueHandler } from './routes/types';

/** A route that was found for a request, and the lab in its address. */
export type FoundRoute =
  | { readonly kind: 'value'; readonly lab: string; readonly route: ValueHandler<unknown, unknown> }
  | {
      readonly kind: 'stream';
      readonly lab: string;
      readonly route: StreamHandler<unknown, unknown, unknown>;
    };

/**
 * The route of a request to `api/...`.
 * @throws Failure `no-route`, `bad-method`, or `unknown-lab` where no lab has the id in the address
 */
export function findRoute(method: string, path: string): FoundRoute {
  const { pattern, lab } = patternOf(path);
  const name = `${method} ${pattern}`;
  const value = own(VALUES, name);
  if (value !== undefined) return { kind: 'value', lab, route: value };
  const stream = own(STREAMS, name);
  if (stream !== undefined) return { kind: 'stream', lab, route: stream };
  throw isKnown(pattern) ? badMethod(method, pattern) : noRoute(path);
}

/**
 * `api/labs/k8s-1-pods/check` is `api/labs/:lab/check` of that lab.
 * @throws Failure `unknown-lab`
 */
export function patternOf(path: string): { readonly pattern: string; readonly lab: string } {
  const [, id, rest = ''] = /^\/api\/labs\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (id === undefined) return { pattern: path.slice(1), lab: '' };
  return { pattern: `api/labs/:lab${rest}`, lab: findLab(id).id };
}

/** By name; a route's own reader makes of an unknown value the question that the route takes. */
const VALUES = VALUE_ROUTES as unknown as RouteTable<ValueHandler<unknown, unknown>>;
const STREAMS = STREAM_ROUTES as unknown as RouteTable<StreamHandler<unknown, unknown, unknown>>;
type RouteTable<T> = Readonly<Record<string, T>>;

/** An address is never a name of the table's prototype. */
const own = <T>(table: RouteTable<T>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const isKnown = (pattern: string): boolean =>
  [...Object.keys(VALUES), ...Object.keys(STREAMS), 'GET api/events'].some((name) =>
    name.endsWith(` ${pattern}`),
  );

const badMethod = (method: string, pattern: string): Failure =>
  new Failure('bad-method', `${pattern} does not take ${method}`, 'see lib/serve/ROUTES.md');

const noRoute = (path: string): Failure =>
  new Failure('no-route', `there is no route ${path}`, 'see lib/serve/ROUTES.md');
