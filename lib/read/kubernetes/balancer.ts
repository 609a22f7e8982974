import type { Ip } from '../../model/address';
import type { LoadBalancer } from '../../model/world';
import type { ServiceObject } from './service';

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';

/** The class whose Services the AWS Load Balancer Controller takes. */
const NLB_CLASS = 'service.k8s.aws/nlb';

/**
 * The network load balancer of a Service, or `undefined` where it has none of AWS. Without a class
 * or an annotation the controller takes it all the same: its webhook sets the class (AWS Load
 * Balancer Controller: service annotations, NLB guide).
 */
export function balancerOf(service: ServiceObject, address: () => Ip): LoadBalancer | undefined {
  if (service.type !== 'LoadBalancer') return undefined;
  if ((service.loadBalancerClass ?? NLB_CLASS) !== NLB_CLASS) return undefined;
  const { annotations } = service.meta;
  const told = (name: string): string | undefined =>
    Object.hasOwn(annotations, PREFIX + name) ? annotations[PREFIX + name] : undefined;
  const type = told('type');
  const groups = (told('security-groups') ?? '').split(',').map((name) => name.trim());
  const named = groups.filter((name) => name !== '');
  const { sourceRanges } = service;
  const targets = type === 'nlb-ip' || told('nlb-target-type') === 'ip' ? 'ip' : 'instance';
  return {
    addresses: service.balancerIps.length > 0 ? service.balancerIps : [address()],
    targets,
    scheme: schemeOf(type, told('scheme') ?? told('internal')),
    preserveClientIp: preserves(service, targets, told('target-group-attributes') ?? ''),
    ...(crossesZones(told) && { zones: 'all' as const }),
    ...(named.length > 0 && { securityGroups: named }),
    ...(told('manage-backend-security-group-rules') === 'true' && {
      managesBackendRules: true as const,
    }),
    ...(sourceRanges !== undefined && sourceRanges.length > 0 && { sourceRanges }),
  };
}

/**
 * Off unless it is said (ELB guide: cross-zone load balancing of Network Load Balancers), for the
 * balancer, for its target group, or in the older annotation.
 */
function crossesZones(told: (name: string) => string | undefined): boolean {
  const ofGroup = /load_balancing\.cross_zone\.enabled=(true|false)/.exec(
    told('target-group-attributes') ?? '',
  )?.[1];
  const own = told('attributes') ?? '';
  const ofBalancer = own.includes('load_balancing.cross_zone.enabled=true');
  const older = told('cross-zone-load-balancing-enabled') === 'true';
  return ofGroup === undefined ? ofBalancer || older : ofGroup === 'true';
}

/** The controller builds internal ones; the cloud provider's own (`type: nlb`) are public. */
function schemeOf(type: string | undefined, told: string | undefined): LoadBalancer['scheme'] {
  if (told === 'internet-facing' || told === 'internal') return told;
  if (told === 'true') return 'internal';
  return type === 'nlb' || told === 'false' ? 'internet-facing' : 'internal';
}

/** On for instance targets and for UDP, off for ip targets of TCP, unless it is said (ELB guide). */
function preserves(
  { ports }: ServiceObject,
  targets: LoadBalancer['targets'],
  attributes: string,
): boolean {
  const [, said] = /preserve_client_ip\.enabled=(true|false)/.exec(attributes) ?? [];
  if (said !== undefined) return said === 'true';
  return targets === 'instance' || ports.every(({ protocol }) => protocol === 'UDP');
}
