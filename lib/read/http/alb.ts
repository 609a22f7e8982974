import {
  type HttpAction,
  type HttpListener,
  type HttpProxy,
  type HttpRule,
  NOT_FOUND,
} from '../../model/http';
import { type At, complain, inside, warn } from '../schema/at';
import { annotatedAction, type TargetOf } from './alb-actions';
import { annotatedConditions } from './alb-conditions';
import { targetsOf } from './alb-gateway';
import { type AlbGroup, type AlbMember, mergeGroup } from './alb-groups';
import { type BalancedService, balancedService } from './alb-services';
import { specAt } from './annotations';
import { type HttpCluster, serviceTarget } from './cluster';
import type { IngressBackend, IngressPath } from './ingress';
import { forwardTo } from './routes';

/** The load balancers of groups of Ingresses. */
export const albProxies = (
  groups: readonly AlbGroup[],
  cluster: HttpCluster,
): readonly HttpProxy[] => groups.map((group) => proxyOf(group, cluster));

function proxyOf(group: AlbGroup, cluster: HttpCluster): HttpProxy {
  checkDefaults(group);
  const { sslRedirect, ...merged } = mergeGroup(group);
  const services = new Map<string, BalancedService>();
  const known = (member: AlbMember): TargetOf => targetFor(member, { cluster, services });
  const listeners = merged.ports.map(({ port, protocol }): HttpListener => {
    const name = `${protocol}:${port}`;
    if (sslRedirect !== undefined && protocol === 'HTTP') {
      const otherwise: HttpAction = {
        kind: 'redirect',
        status: 301,
        scheme: 'https',
        port: sslRedirect,
      };
      return { name, port, protocol, rules: [], otherwise };
    }
    const here = group.members.filter(({ settings }) => settings.listens.has(port));
    return {
      name,
      port,
      protocol,
      rules: here
        .flatMap((member) => rulesOf(member, { targetOf: known(member), port }))
        .filter((rule) => !isEndless(rule, { port, protocol })),
      otherwise: defaultAction(here, { known, port }),
    };
  });
  const targets = targetsOf(
    listeners,
    (name) => services.get(name)?.targets ?? 'instance',
    (name) => services.get(name)?.morePorts ?? [],
  );
  return {
    id: `ALB ${group.id}`,
    kind: 'alb',
    pods: [],
    hosts: [],
    listeners,
    balancer: { ...merged, targets },
  };
}

/** Two default backends at one port are refused (buildListenerDefaultActions). */
function checkDefaults({ members }: AlbGroup): void {
  const told = members.filter(({ ingress }) => ingress.defaultBackend !== undefined);
  for (const [i, second] of told.entries()) {
    const first = told
      .slice(0, i)
      .find(({ settings }) =>
        [...settings.listens.keys()].some((p) => second.settings.listens.has(p)),
      );
    if (first === undefined) continue;
    const { namespace, name } = first.ingress.meta;
    const place = inside(inside(second.at, 'spec'), 'defaultBackend');
    const problem = `${namespace}/${name} of the same group has a default backend too`;
    complain(place, problem, 'keep one for each port');
  }
}

/** A port of a Service as target; what is wrong with the Service is reported once. */
function targetFor(
  { ingress, at, settings, params }: AlbMember,
  {
    cluster,
    services,
  }: {
    readonly cluster: HttpCluster;
    readonly services: Map<string, BalancedService>;
  },
): TargetOf {
  return (service, port) => {
    const { namespace } = ingress.meta;
    const target = serviceTarget(cluster, { namespace, name: service, port });
    if ('missing' in target) {
      warn(at, `it leads to a backend that is not here: ${target.missing}`, 'add it');
      return { kind: 'status', status: 503, why: target.missing };
    }
    const name = `${namespace}/${service}`;
    if (!services.has(name)) {
      const found = balancedService(name, { settings, params, cluster, at });
      services.set(name, found);
    }
    return target;
  };
}

/** What actions of a listener are made with. */
interface ListenerContext {
  readonly targetOf: TargetOf;
  readonly port: number;
}

/**
 * Rules of an Ingress: of each of its rules exact paths, then prefixes from the longest, then the
 * others as they are written (pkg/ingress/model_build_listener_rules.go, sortIngressPaths).
 */
const rulesOf = (member: AlbMember, context: ListenerContext): readonly HttpRule[] =>
  member.ingress.rules.flatMap((paths) =>
    sortedPaths(paths).flatMap((one) => ruleOf(one, member, context)),
  );

/**
 * A redirect to where the request already is would never end: the controller leaves such a rule
 * out, as with `actions.ssl-redirect` at the HTTPS listener (pkg/ingress/rule_optimizer.go,
 * isInfiniteRedirectRule).
 */
function isEndless(
  { hosts, match, action }: HttpRule,
  { port, protocol }: Pick<HttpListener, 'port' | 'protocol'>,
): boolean {
  if (action.kind !== 'redirect') return false;
  const { hostname, path, scheme, query } = action;
  const paths = match.path.kind === 'globs' ? match.path.values : [];
  const stays =
    (hostname === undefined || hosts.includes(hostname)) &&
    (path === undefined || (path.kind === 'whole' && paths.includes(path.value)));
  const samePort = action.port === undefined || action.port === port;
  const sameScheme = scheme === undefined || scheme === protocol.toLowerCase();
  return stays && samePort && sameScheme && query === undefined;
}

function sortedPaths(paths: readonly IngressPath[]): readonly IngressPath[] {
  const of = (type: IngressPath['type']) => paths.filter((one) => one.type === type);
  return [
    ...of('Exact'),
    ...of('Prefix').toSorted((a, b) => b.path.length - a.path.length),
    ...of('ImplementationSpecific'),
  ];
}

function ruleOf(
  one: IngressPath,
  member: AlbMember,
  context: ListenerContext,
): readonly HttpRule[] {
  const { ingress, at, settings } = member;
  const more = annotatedConditions(one.backend.service, settings.annotations, at);
  const action = actionOf(one.backend, member, context);
  if (action === undefined) return [];
  const { namespace, name } = ingress.meta;
  const globs = [...pathGlobs(one, at), ...more.paths];
  return [
    {
      source: { kind: 'Ingress', namespace, name, place: one.place },
      hosts: one.host === undefined ? more.hosts : [one.host, ...more.hosts],
      match: {
        path: { kind: 'globs', values: globs.length === 0 ? ['/*'] : globs },
        methods: more.methods,
        headers: more.headers,
        query: more.query,
        ...(more.clients !== undefined && { clients: more.clients }),
      },
      action,
    },
  ];
}

/** Path patterns for a path (buildPathPatterns): wildcards are for ImplementationSpecific alone. */
function pathGlobs({ path, type, place }: IngressPath, at: At): readonly string[] {
  if (path === '') return [];
  if (type === 'ImplementationSpecific') return [path];
  if (/[*?]/.test(path)) {
    const where = specAt(at, `${place}.path`);
    complain(where, `'${path}' has wildcards`, 'write pathType: ImplementationSpecific');
  }
  if (type === 'Exact') return [path];
  const prefix = path.replace(/\/$/, '');
  return path === '/' ? ['/*'] : [prefix, `${prefix}/*`];
}

const USE_ANNOTATION = 'use-annotation';

const actionOf = (
  { service, port }: IngressBackend,
  { settings, at }: AlbMember,
  { targetOf, port: listenerPort }: ListenerContext,
): HttpAction | undefined => {
  if (port === USE_ANNOTATION) {
    const { annotations } = settings;
    return annotatedAction(service, { annotations, at, targetOf, port: listenerPort });
  }
  const target = targetOf(service, port);
  return target.kind === 'status'
    ? { kind: 'reply', status: target.status, why: target.why }
    : forwardTo(target);
};

/** One default backend a port, else 404 (buildListenerDefaultActions). */
function defaultAction(
  members: readonly AlbMember[],
  { known, port }: { readonly known: (member: AlbMember) => TargetOf; readonly port: number },
): HttpAction {
  const first = members.find(({ ingress }) => ingress.defaultBackend !== undefined);
  const backend = first?.ingress.defaultBackend;
  if (first === undefined || backend === undefined) return NOT_FOUND;
  return actionOf(backend, first, { targetOf: known(first), port }) ?? NOT_FOUND;
}
