import type {
  HttpAction,
  HttpBackend,
  HttpPathChange,
  HttpRedirect,
  HttpTarget,
} from '../../model/http';
import { UNCHANGED } from '../../model/http';
import type { At } from '../schema/at';
import { complain } from '../schema/at';
import { BAD } from '../schema/refusal';
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
import { ALB_ANNOTATIONS } from './alb-annotations';
import { jsonOf } from './alb-settings';
import { annotationAt } from './annotations';

const portOf: Shape<number | string> = (value, at) => {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return /^\d+$/.test(value) ? Number(value) : value;
  complain(at, 'servicePort is not a number or a name', 'write the Service’s port');
  return BAD;
};

const targetGroup = object({
  required: { serviceName: text(), servicePort: portOf },
  optional: { weight: integer(0, 999) },
});

const action = checked(
  object({
    required: { type: oneOf('forward', 'redirect', 'fixed-response') },
    optional: {
      fixedResponseConfig: object({
        required: { statusCode: text() },
        optional: { contentType: text(), messageBody: text() },
      }),
      redirectConfig: object({
        required: { statusCode: oneOf('HTTP_301', 'HTTP_302') },
        optional: { host: text(), path: text(), port: text(), protocol: text(), query: text() },
      }),
      forwardConfig: checked(
        object({
          required: { targetGroups: list(targetGroup, 5) },
          ignored: ['targetGroupStickinessConfig'],
        }),
        ({ targetGroups }, at) => {
          if (targetGroups.length < 2 || targetGroups.every(({ weight }) => weight !== undefined))
            return;
          complain(at, 'weight is missing where there are several target groups', 'add it to each');
        },
      ),
    },
  }),
  ({ type, ...given }, at) => {
    const field = FIELD_OF[type];
    if (!Object.hasOwn(given, field))
      complain(at, `${field} is missing for type ${type}`, `add ${field}`);
    const code = given.fixedResponseConfig?.statusCode;
    if (code !== undefined && !/^[245]\d\d$/.test(code)) {
      complain(at, `'${code}' is not a status code`, 'use one of 2XX, 4XX, 5XX');
    }
  },
);

const FIELD_OF = {
  forward: 'forwardConfig',
  redirect: 'redirectConfig',
  'fixed-response': 'fixedResponseConfig',
} as const;

/** A Service's port that a forward action names. */
export type TargetOf = (service: string, port: number | string) => HttpTarget;

/**
 * The action of an annotation `actions.<name>` (its guide, actions); `undefined` where it cannot be
 * read, which is reported. A target group by its ARN is not in these files.
 */
export function annotatedAction(
  name: string,
  {
    annotations,
    at,
    targetOf,
    port,
  }: {
    readonly annotations: Readonly<Record<string, string>>;
    readonly at: At;
    readonly targetOf: TargetOf;
    /** The listener's port: `#{port}` of a redirect. */
    readonly port: number;
  },
): HttpAction | undefined {
  const key = `actions.${name}`;
  const written = annotations[key];
  const place = annotationAt(at, `${ALB_ANNOTATIONS.prefix}${key}`);
  if (written === undefined) {
    return { kind: 'reply', status: 503, why: `annotation ${key} is not here` };
  }
  const value = jsonOf(written);
  if (value === undefined) {
    complain(place, `'${written}' is not JSON`, 'write an action as the controller’s guide has it');
    return undefined;
  }
  const read = action(value, place);
  if (read === BAD) return undefined;
  return actionOf(read, { at: place, targetOf, port });
}

function actionOf(
  { type, fixedResponseConfig, redirectConfig, forwardConfig }: Read<typeof action>,
  { at, targetOf, port }: { readonly at: At; readonly targetOf: TargetOf; readonly port: number },
): HttpAction | undefined {
  switch (type) {
    case 'fixed-response':
      return {
        kind: 'reply',
        status: Number(fixedResponseConfig?.statusCode),
        ...(fixedResponseConfig?.messageBody !== undefined && {
          body: fixedResponseConfig.messageBody,
        }),
        ...(fixedResponseConfig?.contentType !== undefined && {
          contentType: fixedResponseConfig.contentType,
        }),
      };
    case 'redirect':
      return redirectConfig === undefined ? undefined : redirectOf(redirectConfig, at, port);
    case 'forward':
      return {
        kind: 'forward',
        backends: (forwardConfig?.targetGroups ?? []).map(
          ({ serviceName, servicePort, weight = 1 }): HttpBackend => ({
            target: targetOf(serviceName, servicePort),
            weight,
            request: UNCHANGED,
            response: UNCHANGED,
          }),
        ),
        request: UNCHANGED,
        response: UNCHANGED,
        mirrors: [],
      };
  }
}

interface RedirectConfig {
  readonly statusCode: 'HTTP_301' | 'HTTP_302';
  readonly host?: string;
  readonly path?: string;
  readonly port?: string;
  readonly protocol?: string;
  readonly query?: string;
}

/** `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}` stand for the request's own. */
function redirectOf(config: RedirectConfig, at: At, ownPort: number): HttpRedirect | undefined {
  const { statusCode, host = '#{host}', path = '/#{path}' } = config;
  const { port = '#{port}', protocol = '#{protocol}', query = '#{query}' } = config;
  const refuse = (part: string, value: string): undefined => {
    complain(
      at,
      `${part} '${value}' is not supported here`,
      `write ${part} without #{...}, or leave it out`,
    );
  };
  if (host !== '#{host}' && host.includes('#{')) return refuse('host', host);
  if (!/^(#\{protocol\}|HTTP|HTTPS)$/.test(protocol)) return refuse('protocol', protocol);
  if (port !== '#{port}' && !/^\d+$/.test(port)) return refuse('port', port);
  const change = pathChange(path);
  if (change === 'unsupported') return refuse('path', path);
  if (query !== '#{query}' && (query.includes('#{') || change?.kind !== 'whole')) {
    return refuse('query', query);
  }
  return {
    kind: 'redirect',
    status: statusCode === 'HTTP_301' ? 301 : 302,
    ...(protocol !== '#{protocol}' && { scheme: protocol === 'HTTP' ? 'http' : 'https' }),
    ...(host !== '#{host}' && { hostname: host }),
    port: port === '#{port}' ? ownPort : Number(port),
    ...(change !== undefined && { path: change }),
    ...(query !== '#{query}' && { query }),
  };
}

function pathChange(path: string): HttpPathChange | 'unsupported' | undefined {
  if (path === '/#{path}') return undefined;
  if (!path.includes('#{')) return { kind: 'whole', value: path };
  const [before = '', after = ''] = path.split('#{path}');
  const rest = `${before}${after}`;
  if (rest.includes('#{') || rest.includes('$')) return 'unsupported';
  return { kind: 'pattern', pattern: '/(.*)', ignoreCase: false, value: `${before}$1${after}` };
}
