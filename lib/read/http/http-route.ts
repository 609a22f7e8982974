import { type At, complain, inside } from '../schema/at';
import { type Metadata, resource } from '../schema/metadata';
import { dnsLabel, dnsSubdomain, portNumber } from '../schema/names';
import {
  checked,
  integer,
  list,
  mapped,
  object,
  oneOf,
  type Read,
  type Shape,
  text,
} from '../schema/shape';
import { durationMs } from './duration';
import { tabled } from './fields';
import {
  backendFields,
  checkPort,
  type HttpFilterFields,
  httpFilters,
  isRedirectStatus,
} from './http-filters';
import { headerName, hostname, pathProblem } from './names';
import { HTTP_ROUTE_FIELDS } from './route-fields';

const parentRef = object({
  required: { name: dnsSubdomain },
  optional: {
    group: text(),
    kind: text(),
    namespace: dnsLabel,
    sectionName: dnsSubdomain,
    port: portNumber,
  },
});

const pathMatch = checked(
  object({
    optional: {
      type: oneOf('Exact', 'PathPrefix', 'RegularExpression'),
      value: text((value) =>
        value.length <= 1024
          ? undefined
          : { problem: 'the path is longer than 1024 characters', fix: 'shorten it' },
      ),
    },
  }),
  ({ type = 'PathPrefix', value = '/' }, at) => {
    if (type === 'RegularExpression') return;
    const wrong = pathProblem(value) ?? characters(value);
    if (wrong !== undefined) complain(inside(at, 'value'), wrong.problem, wrong.fix);
  },
);

/** Characters of a path (Gateway API: CEL rule of HTTPPathMatch). */
const characters = (value: string) =>
  /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(value)
    ? undefined
    : { problem: `'${value}' has characters that no path has`, fix: 'write others as %XX' };

const valueMatch = object({
  required: { name: headerName, value: text() },
  optional: { type: oneOf('Exact', 'RegularExpression') },
});

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
] as const;

const uniqueNames = (field: string) => (values: readonly ValueFields[], at: At) => {
  const seen = new Set<string>();
  for (const [i, { name }] of values.entries()) {
    const key = field === 'header' ? name.toLowerCase() : name;
    if (seen.has(key)) complain(inside(at, i), `${field} ${name} is given twice`, 'remove one');
    seen.add(key);
  }
};

type ValueFields = Read<typeof valueMatch>;

const match = object({
  optional: {
    path: pathMatch,
    headers: checked(list(valueMatch, 16), uniqueNames('header')),
    queryParams: checked(list(valueMatch, 16), uniqueNames('query parameter')),
    method: oneOf(...METHODS),
  },
});

const backendRef = checked(
  object({
    required: backendFields.required,
    optional: { ...backendFields.optional, weight: integer(0, 1_000_000), filters: httpFilters },
  }),
  checkPort,
);

const rule = checked(
  object({
    optional: {
      matches: list(match, 64),
      filters: httpFilters,
      backendRefs: list(backendRef, 16),
      timeouts: object({ optional: { request: durationMs, backendRequest: durationMs } }),
    },
  }),
  (fields, at) => checkRule(fields, at),
);

/** What the API server's rules on a rule refuse (Gateway API: CEL rules of HTTPRouteRule). */
function checkRule(fields: RuleFields, at: At): void {
  const { matches = [], filters = [], backendRefs = [], timeouts = {} } = fields;
  const redirecting = filters.find(({ requestRedirect }) => requestRedirect !== undefined);
  if (redirecting !== undefined && backendRefs.length > 0) {
    const problem = 'RequestRedirect must not be used together with backendRefs';
    complain(inside(at, 'filters'), problem, 'remove one of the two');
  }
  const code = redirecting?.requestRedirect?.statusCode;
  if (code !== undefined && !isRedirectStatus(code)) {
    complain(inside(at, 'filters'), `${code} is not a redirect`, 'use 301, 302, 303, 307 or 308');
  }
  const replacing = filters.some(
    ({ urlRewrite, requestRedirect }) =>
      (urlRewrite?.path ?? requestRedirect?.path)?.type === 'ReplacePrefixMatch',
  );
  const [only] = matches;
  const onePrefix =
    matches.length === 1 &&
    only?.path !== undefined &&
    (only.path.type ?? 'PathPrefix') === 'PathPrefix';
  if (replacing && !onePrefix) {
    const problem = 'replacePrefixMatch needs exactly one match, of type PathPrefix';
    complain(inside(at, 'matches'), problem, 'write one such match');
  }
  const { request, backendRequest } = timeouts;
  if (
    request !== undefined &&
    request > 0 &&
    backendRequest !== undefined &&
    backendRequest > request
  ) {
    const problem = 'backendRequest is longer than request';
    complain(inside(at, 'timeouts'), problem, 'shorten backendRequest');
  }
}

interface RuleFields {
  readonly matches?: readonly Read<typeof match>[];
  readonly filters?: readonly HttpFilterFields[];
  readonly backendRefs?: readonly Read<typeof backendRef>[];
  readonly timeouts?: { readonly request?: number; readonly backendRequest?: number };
}

const routeSpec = checked(
  object({
    optional: {
      parentRefs: list(parentRef, 32),
      hostnames: list(hostname, 16),
      rules: list(rule, 16),
    },
  }),
  ({ parentRefs = [], rules = [] }, at) => {
    checkParents(parentRefs, inside(at, 'parentRefs'));
    const count = rules.reduce((sum, { matches = [] }) => sum + matches.length, 0);
    if (count > 128) complain(inside(at, 'rules'), `${count} matches are too many`, 'keep to 128');
  },
);

type ParentFields = Read<typeof parentRef>;

function checkParents(parents: readonly ParentFields[], at: At): void {
  const byParent = new Map<string, ParentFields[]>();
  for (const [i, one] of parents.entries()) {
    const key = [one.group ?? '', one.kind ?? '', one.namespace ?? '', one.name].join('/');
    const others = byParent.get(key) ?? [];
    const same = others.some(
      (other) =>
        (other.sectionName ?? '') === (one.sectionName ?? '') &&
        (other.port ?? 0) === (one.port ?? 0),
    );
    if (same) {
      complain(
        inside(at, i),
        `${one.name} is named twice`,
        'tell them apart by sectionName or port',
      );
    }
    byParent.set(key, [...others, one]);
  }
}

/** A rule of an HTTPRoute as it is written. */
export type HttpRouteRule = RuleFields;

/** A parent of a route as it is written. */
export type ParentRef = ParentFields;

/** An HTTPRoute. */
export interface HttpRouteObject {
  readonly meta: Metadata;
  readonly parents: readonly ParentRef[];
  readonly hostnames: readonly string[];
  readonly rules: readonly HttpRouteRule[];
}

/** Without `rules` there is one that matches every path and has no backend (CRD default). */
const DEFAULT_RULES: readonly HttpRouteRule[] = [{}];

/** `gateway.networking.k8s.io` HTTPRoute. */
export const httpRoute: Shape<HttpRouteObject> = tabled(
  HTTP_ROUTE_FIELDS,
  mapped(resource(routeSpec), ({ metadata: meta, spec }) => ({
    meta,
    parents: spec.parentRefs ?? [],
    hostnames: spec.hostnames ?? [],
    rules: spec.rules ?? DEFAULT_RULES,
  })),
);
