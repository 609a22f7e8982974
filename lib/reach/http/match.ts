import { contains } from '../../model/address';
import type {
  HttpMatch,
  HttpPathMatch,
  HttpProxy,
  HttpRule,
  HttpValueMatch,
} from '../../model/http';
import type { HttpRequest } from '../../model/http-decision';
import { globPattern, matchesHost, nameInHost } from './host';

/** Whether a rule matches; `unknown` where that depends on the client's address, which is not given. */
export type Matching = 'yes' | 'no' | 'unknown';

/** Does a rule of a proxy match a request? */
export function matchesRule(
  { hosts, match }: HttpRule,
  request: HttpRequest,
  kind: HttpProxy['kind'],
): Matching {
  const name = nameInHost(request.host);
  if (hosts.length > 0 && !hosts.some((host) => matchesHost(host, name, kind))) return 'no';
  return matchesRequest(match, request);
}

function matchesRequest(match: HttpMatch, request: HttpRequest): Matching {
  const { methods, headers, query, clients } = match;
  const plain =
    matchesPath(match.path, request.path) &&
    (methods.length === 0 || methods.includes(request.method)) &&
    headers.every((one) => matchesHeader(one, request)) &&
    query.every((one) => matchesQuery(one, request.query));
  if (!plain) return 'no';
  if (clients === undefined) return 'yes';
  const { client } = request;
  if (client === undefined) return 'unknown';
  return clients.some((block) => contains(block, client)) ? 'yes' : 'no';
}

/** Does a path match? */
export function matchesPath(match: HttpPathMatch, path: string): boolean {
  switch (match.kind) {
    case 'exact':
      return path === match.value;
    case 'prefix': {
      const prefix = match.value.replace(/\/+$/, '');
      return path === prefix || path.startsWith(`${prefix}/`);
    }
    case 'pattern':
      return new RegExp(`^(?:${match.value})$`, match.ignoreCase ? 'i' : '').test(path);
    case 'globs':
      return match.values.some((glob) => caseGlob(glob).test(path));
  }
}

/** A path pattern of a load balancer is case-sensitive (ELB guide: path conditions). */
const caseGlob = (glob: string): RegExp => new RegExp(globPattern(glob).source, 's');

/** Several headers of one name count as one with their values joined (RFC 9110, 5.2). */
function matchesHeader(match: HttpValueMatch, { headers }: HttpRequest): boolean {
  const wanted = match.name?.toLowerCase();
  const values = headers
    .filter(({ name }) => name.toLowerCase() === wanted)
    .map(({ value }) => value);
  return values.length > 0 && matchesValue(match, values.join(','));
}

/** Of a parameter that is given several times the first counts. Nothing is decoded. */
function matchesQuery(match: HttpValueMatch, query: string): boolean {
  const given = parametersOf(query);
  if (match.name === undefined) return given.some(([, value]) => matchesValue(match, value));
  const same = (name: string): boolean =>
    match.kind === 'globs' ? globPattern(match.name ?? '').test(name) : name === match.name;
  if (match.kind === 'globs') {
    return given.some(([name, value]) => same(name) && matchesValue(match, value));
  }
  const found = given.find(([name]) => same(name));
  return found !== undefined && matchesValue(match, found[1]);
}

const parametersOf = (query: string): readonly (readonly [name: string, value: string])[] =>
  query === ''
    ? []
    : query.split('&').map((part) => {
        const at = part.indexOf('=');
        return at === -1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
      });

function matchesValue({ kind, values }: HttpValueMatch, value: string): boolean {
  switch (kind) {
    case 'exact':
      return values.includes(value);
    case 'pattern':
      return values.some((pattern) => new RegExp(`^(?:${pattern})$`).test(value));
    case 'globs':
      return values.some((glob) => globPattern(glob).test(value));
  }
}
