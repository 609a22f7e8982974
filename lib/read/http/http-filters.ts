import type { HttpHeaderChange, HttpPathChange, HttpRedirect, HttpRewrite } from '../../model/http';
import { type At, complain, inside } from '../schema/at';
import { dnsLabel, dnsSubdomain, portNumber } from '../schema/names';
import {
  checked,
  integer,
  list,
  object,
  oneOf,
  type Read,
  type Shape,
  text,
} from '../schema/shape';
import { headerName, preciseHostname } from './names';

const header = object({ required: { name: headerName, value: text() } });

const headerModifier = object({
  optional: { set: list(header, 16), add: list(header, 16), remove: list(headerName, 16) },
});

const pathModifier = checked(
  object({
    required: { type: oneOf('ReplaceFullPath', 'ReplacePrefixMatch') },
    optional: { replaceFullPath: text(), replacePrefixMatch: text() },
  }),
  ({ type, replaceFullPath, replacePrefixMatch }, at) => {
    const [wanted, other] =
      type === 'ReplaceFullPath'
        ? [replaceFullPath, replacePrefixMatch]
        : [replacePrefixMatch, replaceFullPath];
    const field = type === 'ReplaceFullPath' ? 'replaceFullPath' : 'replacePrefixMatch';
    if (wanted === undefined) complain(at, `${field} is missing for type ${type}`, `add ${field}`);
    if (other !== undefined) complain(at, `type is ${type}`, `write ${field} alone`);
  },
);

const redirect = object({
  optional: {
    scheme: oneOf('http', 'https'),
    hostname: preciseHostname,
    port: portNumber,
    path: pathModifier,
    statusCode: integer(301, 308),
  },
});

const rewrite = object({ optional: { hostname: preciseHostname, path: pathModifier } });

/** A backend of a rule, or of a mirror (Gateway API: BackendObjectReference). */
export const backendFields = {
  required: { name: dnsSubdomain },
  optional: { group: text(), kind: text(), namespace: dnsLabel, port: portNumber },
} as const;

/** The API server's rule that a Service is named with its port. */
export function checkPort(
  {
    group = '',
    kind = 'Service',
    port,
  }: {
    readonly group?: string;
    readonly kind?: string;
    readonly port?: number;
  },
  at: At,
): void {
  if (group !== '' || kind !== 'Service' || port !== undefined) return;
  complain(inside(at, 'port'), 'port is missing', 'name a port of the Service');
}

const mirror = checked(
  object({
    required: { backendRef: checked(object(backendFields), checkPort) },
    optional: {
      percent: integer(0, 100),
      fraction: object({
        required: { numerator: integer(0, 2 ** 31 - 1) },
        optional: { denominator: integer(1, 2 ** 31 - 1) },
      }),
    },
  }),
  ({ percent, fraction }, at) => {
    if (percent !== undefined && fraction !== undefined) {
      complain(at, 'percent and fraction are both given', 'remove one of the two');
    }
    if (fraction !== undefined && fraction.numerator > (fraction.denominator ?? 100)) {
      complain(inside(at, 'fraction'), 'the numerator is above the denominator', 'lower it');
    }
  },
);

const FIELD_OF = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  CORS: 'cors',
  ExtensionRef: 'extensionRef',
  ExternalAuth: 'externalAuth',
} as const;

const filter = checked(
  object({
    required: {
      type: oneOf(
        'RequestHeaderModifier',
        'ResponseHeaderModifier',
        'RequestMirror',
        'RequestRedirect',
        'URLRewrite',
        'CORS',
        'ExtensionRef',
        'ExternalAuth',
      ),
    },
    optional: {
      requestHeaderModifier: headerModifier,
      responseHeaderModifier: headerModifier,
      requestMirror: mirror,
      requestRedirect: redirect,
      urlRewrite: rewrite,
    },
  }),
  ({ type, ...given }, at) => {
    const field = FIELD_OF[type];
    for (const name of Object.keys(given)) {
      if (name !== field) complain(at, `${name} is not for type ${type}`, `write ${field}`);
    }
    if (!Object.hasOwn(given, field)) {
      complain(inside(at, field), `${field} is missing for type ${type}`, `add ${field}`);
    }
  },
);

/** Filters of a rule or a backend: none but mirrors is given twice. */
export const httpFilters = checked(list(filter, 16), (filters, at) => {
  const seen = new Set<string>();
  for (const [i, { type }] of filters.entries()) {
    if (seen.has(type) && type !== 'RequestMirror' && type !== 'ExtensionRef') {
      complain(inside(at, i), `${type} is given twice`, 'put both into one');
    }
    seen.add(type);
  }
  if (seen.has('RequestRedirect') && seen.has('URLRewrite')) {
    complain(at, 'a redirect and a rewrite are both given', 'remove one of the two');
  }
});

export type HttpFilterFields = Read<typeof filter>;
type RedirectFields = Read<typeof redirect>;

/** Header changes of the filters of one kind. */
export function headerChange(
  filters: readonly HttpFilterFields[],
  of: 'requestHeaderModifier' | 'responseHeaderModifier',
): HttpHeaderChange {
  const found = filters.flatMap((one) => one[of] ?? []);
  return {
    set: found.flatMap(({ set = [] }) => set),
    add: found.flatMap(({ add = [] }) => add),
    remove: found.flatMap(({ remove = [] }) => remove),
  };
}

/** A path modifier; what it replaces is the prefix that the rule matches. */
function pathChange(path: Read<typeof pathModifier>, prefix: string): HttpPathChange {
  return path.type === 'ReplaceFullPath'
    ? { kind: 'whole', value: path.replaceFullPath ?? '/' }
    : { kind: 'prefix', prefix, value: path.replacePrefixMatch ?? '/' };
}

/** What the rewrite filter does to a request that matched a prefix. */
export function rewriteOf(
  filters: readonly HttpFilterFields[],
  prefix: string,
): HttpRewrite | undefined {
  const found = filters.find(({ urlRewrite }) => urlRewrite !== undefined)?.urlRewrite;
  if (found === undefined) return undefined;
  return {
    ...(found.hostname !== undefined && { hostname: found.hostname }),
    ...(found.path !== undefined && { path: pathChange(found.path, prefix) }),
  };
}

const STATUS = [301, 302, 303, 307, 308] as const;

/** What the redirect filter answers to a request that matched a prefix. */
export function redirectOf(
  filters: readonly HttpFilterFields[],
  prefix: string,
): HttpRedirect | undefined {
  const found = filters.find(({ requestRedirect }) => requestRedirect !== undefined);
  const fields: RedirectFields | undefined = found?.requestRedirect;
  if (fields === undefined) return undefined;
  const { scheme, hostname, port, path, statusCode } = fields;
  return {
    kind: 'redirect',
    status: STATUS.find((one) => one === statusCode) ?? 302,
    ...(scheme !== undefined && { scheme }),
    ...(hostname !== undefined && { hostname }),
    ...(port !== undefined && { port }),
    ...(path !== undefined && { path: pathChange(path, prefix) }),
  };
}

/** Status codes of a redirect that the API server takes. */
export const isRedirectStatus = (code: number): boolean => STATUS.some((one) => one === code);

/** The shape of a list of filters; its name is in the table of fields. */
export type HttpFilters = Shape<readonly HttpFilterFields[]>;
