import { cidr, contains, type Ip } from '../../model/address';
import type { ApplicationBalancer, BalancerPort } from '../../model/http';
import type { NetworkInterface, SecurityGroup, SecurityGroupRule, Vpc } from '../../model/vpc';
import type { LoadBalancer, Service, ServicePort, World } from '../../model/world';
import { portsOf } from './alb';
import { groupId } from './group';

/** A Service with its load balancer, and the VPC it stands in. */
export interface Backed {
  readonly service: Service;
  readonly balancer: LoadBalancer;
  readonly vpc: Vpc;
  /** Of an application load balancer; absent: it is a network load balancer. */
  readonly application?: ApplicationBalancer;
}

/**
 * Groups on a load balancer's interfaces: those its annotation names, else the two that the AWS
 * Load Balancer Controller makes: one that admits clients to the listeners, and one shared by all
 * load balancers of the cluster, which the targets' groups then admit.
 */
export function balancerGroups(backed: Backed): readonly string[] {
  const { service, balancer, vpc } = backed;
  const named = balancer.securityGroups ?? [];
  const shared = managesBackends(backed) ? [sharedGroup(vpc)] : [];
  if (named.length > 0) return [...named.map((name) => groupId(vpc, name)), ...shared];
  return [frontGroup(service), sharedGroup(vpc)];
}

/** The VPC with the groups the controller makes, and with the targets' groups opened for them. */
export function openTargets(vpc: Vpc, backed: Backed, world: Pick<World, 'services'>): Vpc {
  const { service, balancer, application } = backed;
  // Who names groups manages the targets' rules too (manage-backend-security-group-rules: false).
  const hasOwn = (balancer.securityGroups ?? []).length > 0;
  if (hasOwn && !managesBackends(backed)) return vpc;
  const shared = sharedGroup(vpc);
  const common = { id: shared, name: shared, ingress: [], egress: EVERYTHING };
  const made = hasOwn ? [common] : [frontOf(backed), common];
  const known = new Set(vpc.securityGroups.map(({ id }) => id));
  const groups = [...vpc.securityGroups, ...made.filter(({ id }) => !known.has(id))];
  const opened = new Map<string, readonly SecurityGroupRule[]>();
  const rules =
    application === undefined
      ? service.ports.flatMap((port) => targetRules(vpc, balancer.targets, port))
      : albTargetRules(vpc, application, world);
  for (const [group, rule] of rules) opened.set(group, [...(opened.get(group) ?? []), rule]);
  const securityGroups = groups.map((group) => ({
    ...group,
    ingress: together(group.ingress, opened.get(group.id) ?? []),
  }));
  return { ...vpc, securityGroups };
}

const managesBackends = ({ balancer, application }: Backed): boolean =>
  (application ?? balancer).managesBackendRules === true;

const frontGroup = ({ namespace, name }: Service): string => `k8s-${namespace}-${name}`;

const sharedGroup = (vpc: Vpc): string => `k8s-traffic-${vpc.name}`;

const NUMBER = { TCP: 6, UDP: 17, SCTP: 132 } as const;

/** Admits everybody to the listeners, unless the Service names its clients' blocks. */
function frontOf({ service, balancer, application }: Backed): SecurityGroup {
  const id = frontGroup(service);
  if (application !== undefined) {
    return { id, name: id, ingress: application.ports.flatMap(clientRules), egress: EVERYTHING };
  }
  const clients = balancer.sourceRanges ?? [EVERYWHERE];
  const ingress = service.ports.flatMap(({ protocol, port }) =>
    clients.map(
      (block): SecurityGroupRule => ({
        protocol: NUMBER[protocol],
        ports: { first: port, last: port },
        peer: { kind: 'cidr', cidr: block },
      }),
    ),
  );
  return { id, name: id, ingress, egress: EVERYTHING };
}

/** Whom an application load balancer's port admits: blocks and prefix lists of clients. */
const clientRules = ({ port, sourceRanges, prefixLists }: BalancerPort): SecurityGroupRule[] =>
  [
    ...sourceRanges.map((block) => ({ kind: 'cidr', cidr: block }) as const),
    ...prefixLists.map((id) => ({ kind: 'prefix-list', id }) as const),
  ].map((peer) => ({ protocol: NUMBER.TCP, ports: { first: port, last: port }, peer }));

/** The rules for all targets of an application load balancer, with those for health checks. */
function albTargetRules(
  vpc: Vpc,
  { targets }: ApplicationBalancer,
  { services }: Pick<World, 'services'>,
): readonly OpenedRule[] {
  return targets.flatMap((target) =>
    portsOf(target, services).flatMap((port) =>
      targetRules(vpc, target.targets, port, target.morePorts),
    ),
  );
}

type OpenedRule = readonly [group: string, rule: SecurityGroupRule];

/** For each target of a port its group, and the rule that admits the load balancers there. */
function targetRules(
  vpc: Vpc,
  targets: LoadBalancer['targets'],
  port: ServicePort,
  morePorts: readonly number[] = [],
): readonly OpenedRule[] {
  const rule = (number: number): SecurityGroupRule => ({
    protocol: NUMBER[port.protocol],
    ports: { first: number, last: number },
    peer: { kind: 'security-group', id: sharedGroup(vpc) },
    description: 'AWS Load Balancer Controller: load balancers reach their targets',
  });
  const { nodePort } = port;
  if (targets === 'instance') {
    const nodes = vpc.interfaces.filter((own) => own.id.endsWith('/eth0'));
    const groups = nodes.flatMap(groupOf);
    const numbers = nodePort === undefined ? [] : [nodePort, ...morePorts];
    return groups.flatMap((group) => numbers.map((one) => [group, rule(one)] as const));
  }
  return port.backends.flatMap(({ address, port: number }) => {
    const target = vpc.interfaces.find((own) => holds(own, address));
    return target === undefined
      ? []
      : groupOf(target).flatMap((group) =>
          [number, ...morePorts].map((one) => [group, rule(one)] as const),
        );
  });
}

const holds = ({ addresses, prefixes }: NetworkInterface, address: Ip): boolean =>
  addresses.includes(address) || prefixes.some((block) => contains(block, address));

/**
 * The group of an interface that the controller opens: of several the one that EKS tagged as the
 * cluster's, else the first.
 */
function groupOf({ securityGroups }: NetworkInterface): readonly string[] {
  const cluster = securityGroups.find((id) => id.endsWith('.cluster-group'));
  return cluster === undefined ? securityGroups.slice(0, 1) : [cluster];
}

/** The rules with those added that are not there yet. */
function together(
  rules: readonly SecurityGroupRule[],
  more: readonly SecurityGroupRule[],
): readonly SecurityGroupRule[] {
  const known = new Set(rules.map((rule) => JSON.stringify(rule)));
  const news = new Map(more.map((rule) => [JSON.stringify(rule), rule]));
  return [...rules, ...[...news].filter(([key]) => !known.has(key)).map(([, rule]) => rule)];
}

const EVERYWHERE = cidr('0.0.0.0/0');

const EVERYTHING: readonly SecurityGroupRule[] = [
  { protocol: 'any', ports: 'any', peer: { kind: 'cidr', cidr: EVERYWHERE } },
];
