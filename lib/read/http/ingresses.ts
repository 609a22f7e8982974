import { type Cidr, parseCidr } from '../../model/address';
import {
  type HttpAction,
  type HttpClients,
  type HttpListener,
  type HttpPathChange,
  type HttpPathMatch,
  type HttpProxy,
  type HttpRule,
  NOT_FOUND,
} from '../../model/http';
import type { Labels } from '../../model/selector';
import type { PodEndpoint } from '../../model/world';
import { type At, complain, warn } from '../schema/at';
import { annotationAt, commaList, servedAnnotations, specAt } from './annotations';
import type { ClassedIngress } from './classes';
import { type HttpCluster, serviceTarget } from './cluster';
import { grouped } from './grouped';
import type { IngressBackend, IngressObject, IngressPath } from './ingress';
import { expressionProblem } from './names';
import { NGINX_ANNOTATIONS } from './nginx-annotations';
import { forwardTo } from './routes';

/** Is a pod the controller that this name stands for (Kubernetes: recommended labels)? */
export const isControllerPod = ({ labels }: PodEndpoint, name: string): boolean =>
  labels['app.kubernetes.io/component'] === 'controller' &&
  labels['app.kubernetes.io/name'] === name;

/** The proxies of ingress controllers that run as pods, each with all of its Ingresses. */
export function ingressProxies(
  ingresses: readonly ClassedIngress[],
  cluster: HttpCluster,
): readonly HttpProxy[] {
  const byController = grouped(ingresses, ({ controller }) => controller);
  return [...byController].map(([controller, served]): HttpProxy => {
    const label = controller.split('/').at(-1) ?? controller;
    const pods = cluster.pods.filter((pod) => isControllerPod(pod, label));
    const read = served.map(({ ingress: { value, at } }) => ({
      ingress: value,
      rules: rulesOf(value, at, cluster),
    }));
    const all = read.flatMap(({ rules }) => rules.map(({ plain }) => plain));
    const secure = read.flatMap(({ ingress, rules }) =>
      rules.map((pair) => pair.secure).filter((rule) => hasTls(ingress, rule)),
    );
    return {
      id: `IngressClass ${served[0]?.className ?? label}`,
      kind: 'ingress',
      pods: pods.map(({ namespace, name }) => `${namespace}/${name}`),
      hosts: [],
      listeners: [
        listener(80, 'HTTP', all),
        ...(secure.length > 0 ? [listener(443, 'HTTPS', secure)] : []),
      ],
    };
  });
}

const listener = (
  port: number,
  protocol: HttpListener['protocol'],
  rules: readonly HttpRule[],
): HttpListener => ({ name: `${protocol}:${port}`, port, protocol, rules, otherwise: NOT_FOUND });

/** An entry of `tls` without hosts holds for all of them (networking.k8s.io/v1: IngressTLS). */
function hasTls({ tls }: IngressObject, { hosts }: HttpRule): boolean {
  if (tls.length === 0) return false;
  const isDefault = hosts.length === 0;
  return (
    isDefault || tls.some((names) => names.length === 0 || names.some((one) => hosts.includes(one)))
  );
}

/** A rule's two forms: over HTTP a redirect to HTTPS may stand in its place. */
interface RulePair {
  readonly plain: HttpRule;
  readonly secure: HttpRule;
}

function rulesOf(ingress: IngressObject, at: At, cluster: HttpCluster): readonly RulePair[] {
  const told = servedAnnotations(ingress.annotations, NGINX_ANNOTATIONS, at);
  const settings = settingsOf(told, at);
  const aliases = commaList(told['server-alias']);
  const paths = ingress.rules
    .flat()
    .map((one) => pathRule(one, { ingress, settings, cluster, at, aliases }));
  const { defaultBackend } = ingress;
  if (defaultBackend === undefined) return paths;
  const rest: HttpRule = {
    ...base(ingress, 'defaultBackend', settings),
    hosts: [],
    match: { path: { kind: 'prefix', value: '/' }, methods: [], headers: [], query: [] },
    action: settings.redirect ?? actionOf(defaultBackend, { ingress, cluster, at }),
  };
  return [...paths, { plain: rest, secure: rest }];
}

interface Settings {
  readonly clients?: HttpClients;
  readonly redirect?: HttpAction;
  readonly rewriteTarget?: string;
  readonly upstreamHost?: string;
  readonly isRegex: boolean;
  readonly toHttps: boolean;
}

/** What annotations say about every path of an Ingress. */
function settingsOf(told: Labels, at: At): Settings {
  const blocks = (key: string): readonly Cidr[] =>
    commaList(told[key]).flatMap((item) => {
      const block = parseCidr(
        item.includes('/') ? item : `${item}/${item.includes(':') ? 128 : 32}`,
      );
      if (!('problem' in block)) return [block];
      complain(annotationAt(at, `${NGINX_ANNOTATIONS.prefix}${key}`), block.problem, block.fix);
      return [];
    });
  const allowed = [...blocks('whitelist-source-range'), ...blocks('allowlist-source-range')];
  const denied = blocks('denylist-source-range');
  const redirect = redirectOf(told, at);
  const rewriteTarget = told['rewrite-target'];
  const upstreamHost = told['upstream-vhost'];
  return {
    isRegex: told['use-regex'] === 'true' || rewriteTarget !== undefined,
    toHttps: told['force-ssl-redirect'] === 'true' || told['ssl-redirect'] === 'true',
    ...((allowed.length > 0 || denied.length > 0) && { clients: { allowed, denied } }),
    ...(redirect !== undefined && { redirect }),
    ...(rewriteTarget !== undefined && { rewriteTarget }),
    ...(upstreamHost !== undefined && { upstreamHost }),
  };
}

/** `permanent-redirect` and `temporal-redirect`: everything goes to one address. */
function redirectOf(told: Labels, at: At): HttpAction | undefined {
  const key = ['temporal-redirect', 'permanent-redirect'].find((one) => told[one] !== undefined);
  if (key === undefined) return undefined;
  const place = annotationAt(at, `${NGINX_ANNOTATIONS.prefix}${key}`);
  const code = Number(told[`${key}-code`] ?? (key === 'permanent-redirect' ? 301 : 302));
  const status = ([301, 302, 303, 307, 308] as const).find((one) => one === code);
  const target = /^(https?):\/\/([^/:?#]+)(?::(\d+))?([^?#]*)(?:\?([^#]*))?$/.exec(told[key] ?? '');
  if (status === undefined || target === null) {
    complain(
      place,
      `'${told[key]}' (${code}) is not a redirect`,
      'write https://host/path, code 301 to 308',
    );
    return undefined;
  }
  const [, scheme, hostname = '', port, path = '', query = ''] = target;
  return {
    kind: 'redirect',
    status,
    scheme: scheme === 'http' ? 'http' : 'https',
    hostname,
    path: { kind: 'whole', value: path === '' ? '/' : path },
    query,
    ...(port !== undefined && { port: Number(port) }),
  };
}

const base = (
  { meta }: IngressObject,
  place: string,
  { clients }: Settings,
): Pick<HttpRule, 'source' | 'clients'> => ({
  source: {
    kind: 'Ingress',
    namespace: meta.namespace,
    name: meta.name,
    place,
    ...(meta.created !== undefined && { created: meta.created }),
  },
  ...(clients !== undefined && { clients }),
});

interface PathInput {
  readonly ingress: IngressObject;
  readonly settings: Settings;
  readonly cluster: HttpCluster;
  readonly at: At;
  readonly aliases: readonly string[];
}

function pathRule(
  one: IngressPath,
  { ingress, settings, cluster, at, aliases }: PathInput,
): RulePair {
  const match = pathMatch(one, settings, at);
  const forward = settings.redirect ?? actionOf(one.backend, { ingress, cluster, at });
  const action = rewritten(forward, match, settings);
  const secure: HttpRule = {
    ...base(ingress, one.place, settings),
    hosts: one.host === undefined ? [] : [one.host, ...aliases],
    match: { path: match, methods: [], headers: [], query: [] },
    action,
  };
  return { secure, plain: settings.toHttps ? { ...secure, action: TO_HTTPS } : secure };
}

const TO_HTTPS: HttpAction = { kind: 'redirect', status: 308, scheme: 'https' };

/** ingress-nginx, `use-regex`: an expression that a path begins with, whatever its case. */
function pathMatch(
  { path, type, place }: IngressPath,
  { isRegex }: Settings,
  at: At,
): HttpPathMatch {
  const value = path === '' ? '/' : path;
  if (type === 'Exact') return { kind: 'exact', value };
  if (!isRegex) return { kind: 'prefix', value };
  const problem = expressionProblem(value);
  if (problem !== undefined) {
    const where = specAt(at, `${place}.path`);
    complain(where, `'${value}' is not valid: ${problem}`, 'correct it');
  }
  return { kind: 'pattern', value: `${value}.*`, ignoreCase: true };
}

function rewritten(
  action: HttpAction,
  match: HttpPathMatch,
  { rewriteTarget, upstreamHost }: Settings,
): HttpAction {
  if (action.kind !== 'forward') return action;
  if (rewriteTarget === undefined && upstreamHost === undefined) return action;
  const path = rewriteTarget === undefined ? undefined : pathChange(match, rewriteTarget);
  return {
    ...action,
    rewrite: {
      ...(upstreamHost !== undefined && { hostname: upstreamHost }),
      ...(path !== undefined && { path }),
    },
  };
}

/** What is matched by a pattern is replaced by it; any other path is replaced whole. */
const pathChange = (match: HttpPathMatch, value: string): HttpPathChange =>
  match.kind === 'pattern'
    ? { kind: 'pattern', pattern: match.value, ignoreCase: true, value }
    : { kind: 'whole', value };

/** A backend of an Ingress; without the Service or its port it is 503, as ingress-nginx answers. */
function actionOf(
  { service, port }: IngressBackend,
  { ingress: { meta }, cluster, at }: Pick<PathInput, 'ingress' | 'cluster' | 'at'>,
): HttpAction {
  const target = serviceTarget(cluster, { namespace: meta.namespace, name: service, port });
  if (!('missing' in target)) return forwardTo(target);
  warn(at, `it leads to a backend that is not here: ${target.missing}`, 'add it');
  return { kind: 'reply', status: 503, why: target.missing };
}
