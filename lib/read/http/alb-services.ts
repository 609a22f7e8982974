import type { LoadBalancerTargets } from '../../model/balancer';
import { type At, complain, warn } from '../schema/at';
import { ALB_ANNOTATIONS } from './alb-annotations';
import type { AlbSettings } from './alb-settings';
import { annotationAt } from './annotations';
import type { HttpCluster } from './cluster';
import type { IngressClassParamsObject } from './objects';

/** How a load balancer reaches a Service's endpoints. */
export interface BalancedService {
  readonly targets: LoadBalancerTargets;
  /** Ports at its targets beside the traffic's that it connects to. */
  readonly morePorts: readonly number[];
}

interface Input {
  readonly settings: AlbSettings;
  readonly params: IngressClassParamsObject | undefined;
  readonly cluster: HttpCluster;
  readonly at: At;
}

/**
 * The settings of a target group: annotations of the Service come before those of the Ingress, and
 * the class before both (pkg/ingress/model_build_target_group.go).
 */
export function balancedService(
  name: string,
  { settings, params, cluster, at }: Input,
): BalancedService {
  const own = cluster.annotations.get(name) ?? {};
  const told = (key: string): string | undefined =>
    own[`${ALB_ANNOTATIONS.prefix}${key}`] ?? settings.annotations[key];
  const say = (key: string, problem: string, fix: string): void =>
    complain(annotationAt(at, `${ALB_ANNOTATIONS.prefix}${key}`), problem, fix);
  const type = params?.targetType ?? told('target-type') ?? 'instance';
  if (type !== 'ip' && type !== 'instance') {
    say('target-type', `'${type}' is not one of ip, instance`, 'write ip or instance');
  }
  const targets: LoadBalancerTargets = type === 'ip' ? 'ip' : 'instance';
  const service = cluster.services.find((one) => `${one.namespace}/${one.name}` === name);
  if (targets === 'instance' && service?.type === 'ClusterIP') {
    const problem = `instance targets need a Service of type NodePort or LoadBalancer: ${name} is ClusterIP`;
    say('target-type', problem, 'write target-type: ip, or change the type of the Service');
  }
  const morePorts = ['healthcheck-port', 'target-control-port'].flatMap((key) =>
    portOf(told(key), service, { targets, say: (problem, fix) => say(key, problem, fix) }),
  );
  return { targets, morePorts };
}

type Service = HttpCluster['services'][number];

interface PortInput {
  readonly targets: LoadBalancerTargets;
  readonly say: (problem: string, fix: string) => void;
}

/** A port by number, or a Service's port by name: its node port or the port of its pods. */
function portOf(
  text: string | undefined,
  service: Service | undefined,
  { targets, say }: PortInput,
): readonly number[] {
  if (text === undefined || text === 'traffic-port') return [];
  if (/^\d+$/.test(text)) {
    const port = Number(text);
    if (port >= 1 && port <= 65535) return [port];
    say(`${text} is not a port`, 'use 1 to 65535');
    return [];
  }
  const found = service?.ports.find(({ name }) => name === text);
  if (found === undefined) {
    say(`the Service has no port '${text}'`, 'write a number, or traffic-port');
    return [];
  }
  if (targets === 'instance') return found.nodePort === undefined ? [] : [found.nodePort];
  return [...new Set(found.backends.map(({ port }) => port))];
}

/** Remarks on a prefix list, whose entries these files do not have. */
export const remarkPrefixList = (id: string, at: At): void =>
  warn(
    annotationAt(at, `${ALB_ANNOTATIONS.prefix}security-group-prefix-lists`),
    `prefix list ${id} is not in these files: whom it admits is not known`,
    'add an AWS::EC2::PrefixList to the template',
  );
