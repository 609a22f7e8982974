import type {
  HttpAction,
  HttpBackend,
  HttpMatch,
  HttpMirror,
  HttpPathMatch,
  HttpRule,
  HttpTarget,
  HttpValueMatch,
} from '../../model/http';
import { UNCHANGED } from '../../model/http';
import { GATEWAY_GROUP, isGranted } from './attach';
import { type HttpCluster, serviceTarget } from './cluster';
import { headerChange, redirectOf, rewriteOf } from './http-filters';
import type { HttpRouteObject, HttpRouteRule } from './http-route';
import { expressionProblem } from './names';
import type { ReferenceGrantObject } from './objects';

type MatchFields = NonNullable<HttpRouteRule['matches']>[number];
type BackendFields = NonNullable<HttpRouteRule['backendRefs']>[number];

/** The rules of a route, one for each match, and what its references lack. */
export interface RouteRules {
  /** Without hosts: those depend on the listener. */
  readonly rules: readonly HttpRule[];
  /** References that cannot be used, each with its reason. */
  readonly unresolved: readonly { readonly reason: string; readonly message: string }[];
  /** Expressions that RE2 does not take; with one the route is not accepted. */
  readonly unsupported: readonly string[];
}

/** What rules of a route are made with. */
export interface RouteContext {
  readonly cluster: HttpCluster;
  readonly grants: readonly ReferenceGrantObject[];
}

/** Rules of an HTTPRoute for a proxy (Gateway API: HTTPRouteRule). */
export function rulesOf(route: HttpRouteObject, context: RouteContext): RouteRules {
  const unresolved: { readonly reason: string; readonly message: string }[] = [];
  const { meta } = route;
  const source = {
    kind: 'HTTPRoute',
    namespace: meta.namespace,
    name: meta.name,
    ...(meta.created !== undefined && { created: meta.created }),
  } as const;
  const rules = route.rules.flatMap((rule, i) => {
    const backends = (rule.backendRefs ?? []).map((one) => backendOf(one, route, context));
    unresolved.push(...backends.flatMap(({ problem }) => (problem === undefined ? [] : [problem])));
    const written = rule.matches ?? [];
    const matches = written.length === 0 ? [{}] : written;
    return matches.map((match, j): HttpRule => {
      const place = written.length === 0 ? `rules[${i}]` : `rules[${i}].matches[${j}]`;
      const found = matchOf(match);
      return {
        source: { ...source, place },
        hosts: [],
        match: found,
        action: actionOf(rule, found.path, { backends, route, context }),
      };
    });
  });
  return { rules, unresolved, unsupported: badExpressions(route.rules) };
}

function matchOf({ path = {}, headers = [], queryParams = [], method }: MatchFields): HttpMatch {
  return {
    path: pathOf(path),
    methods: method === undefined ? [] : [method],
    headers: headers.map(valueMatchOf),
    query: queryParams.map(valueMatchOf),
  };
}

function pathOf({
  type = 'PathPrefix',
  value = '/',
}: NonNullable<MatchFields['path']>): HttpPathMatch {
  switch (type) {
    case 'Exact':
      return { kind: 'exact', value };
    case 'PathPrefix':
      return { kind: 'prefix', value };
    case 'RegularExpression':
      return { kind: 'pattern', value, ignoreCase: false };
  }
}

const valueMatchOf = ({
  name,
  value,
  type = 'Exact',
}: NonNullable<MatchFields['headers']>[number]) =>
  ({
    name,
    kind: type === 'Exact' ? 'exact' : 'pattern',
    values: [value],
  }) satisfies HttpValueMatch;

function badExpressions(rules: readonly HttpRouteRule[]): readonly string[] {
  const written = rules.flatMap(({ matches = [] }) =>
    matches.flatMap(({ path, headers = [], queryParams = [] }) => [
      ...(path?.type === 'RegularExpression' ? [path.value ?? '/'] : []),
      ...[...headers, ...queryParams].flatMap(({ type, value }) =>
        type === 'RegularExpression' ? [value] : [],
      ),
    ]),
  );
  return written.flatMap((one) => {
    const problem = expressionProblem(one);
    return problem === undefined ? [] : [`'${one}': ${problem}`];
  });
}

interface Resolved {
  readonly backend: HttpBackend;
  readonly problem?: { readonly reason: string; readonly message: string };
}

function backendOf(ref: BackendFields, route: HttpRouteObject, context: RouteContext): Resolved {
  const { weight = 1, filters = [] } = ref;
  const { target, problem } = targetOf(ref, route, context);
  const backend: HttpBackend = {
    target,
    weight,
    request: headerChange(filters, 'requestHeaderModifier'),
    response: headerChange(filters, 'responseHeaderModifier'),
  };
  return { backend, ...(problem !== undefined && { problem }) };
}

/** What a reference leads to; one that cannot be used is answered with 500. */
function targetOf(
  ref: Pick<BackendFields, 'group' | 'kind' | 'namespace' | 'name' | 'port'>,
  { meta }: HttpRouteObject,
  { cluster, grants }: RouteContext,
): { readonly target: HttpTarget; readonly problem?: NonNullable<Resolved['problem']> } {
  const { group = '', kind = 'Service', name, port } = ref;
  const namespace = ref.namespace ?? meta.namespace;
  const bad = (reason: string, message: string) => ({
    target: { kind: 'status', status: 500, why: message } as const,
    problem: { reason, message },
  });
  if (group !== '' || kind !== 'Service') {
    return bad('InvalidKind', `backend ${name} is of kind ${kind}, group '${group}'`);
  }
  const from = { group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace: meta.namespace };
  if (!isGranted(from, { group: '', kind: 'Service', namespace, name }, grants)) {
    const message = `no ReferenceGrant of ${namespace} admits HTTPRoutes of ${meta.namespace} to Service ${name}`;
    return bad('RefNotPermitted', message);
  }
  const target = serviceTarget(cluster, { namespace, name, port: port ?? '' });
  return 'missing' in target ? bad('BackendNotFound', target.missing) : { target };
}

interface ActionInput {
  readonly backends: readonly Resolved[];
  readonly route: HttpRouteObject;
  readonly context: RouteContext;
}

function actionOf(
  { filters = [], timeouts = {} }: HttpRouteRule,
  path: HttpPathMatch,
  { backends, route, context }: ActionInput,
): HttpAction {
  const prefix = path.kind === 'prefix' ? path.value : '/';
  const redirect = redirectOf(filters, prefix);
  if (redirect !== undefined) return redirect;
  const rewrite = rewriteOf(filters, prefix);
  const limit = timeouts.request ?? timeouts.backendRequest ?? 0;
  const mirrors = filters.flatMap(({ requestMirror }): readonly HttpMirror[] => {
    if (requestMirror === undefined) return [];
    const { backendRef, percent, fraction } = requestMirror;
    const part = fraction && fraction.numerator / (fraction.denominator ?? 100);
    const share = part ?? (percent ?? 100) / 100;
    return share === 0 ? [] : [{ backend: targetOf(backendRef, route, context).target, share }];
  });
  return {
    kind: 'forward',
    backends: backends.map(({ backend }) => backend),
    request: headerChange(filters, 'requestHeaderModifier'),
    response: headerChange(filters, 'responseHeaderModifier'),
    mirrors,
    ...(rewrite !== undefined && { rewrite }),
    ...(limit > 0 && { timeoutMs: limit }),
  };
}

/** A forward to one Service. */
export const forwardTo = (target: HttpTarget): HttpAction => ({
  kind: 'forward',
  backends: [{ target, weight: 1, request: UNCHANGED, response: UNCHANGED }],
  request: UNCHANGED,
  response: UNCHANGED,
  mirrors: [],
});
