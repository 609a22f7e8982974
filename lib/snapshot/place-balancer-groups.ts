import { cidr, contains, type Ip } from '../model/address';
import type { NetworkInterface, SecurityGroup, SecurityGroupRule, Vpc } from '../model/vpc';
import type { LoadBalancer, Service, ServicePort } from '../model/world';
import { groupId } from './place-group';

/** A Service with its load balancer, and the VPC it stands in. */
export interface Backed {
  readonly service: Service;
  readonly balancer: LoadBalancer;
  readonly vpc: Vpc;
}

/**
 * Groups on a load balancer's interfaces: those its annotation names, else the two that the AWS
 * Load Balancer Controller makes: one that admits clients to the listeners, and one shared by all
 * load balancers of the cluster, which the targets' groups then admit.
 */
export function balancerGroups({ service, balancer, vpc }: Backed): readonly string[] {
  const named = balancer.securityGroups ?? [];
  if (named.length > 0) return named.map((name) => groupId(vpc, name));
  return [frontGroup(service), sharedGroup(vpc)];
}

/** The VPC with the groups the controller makes, and with the targets' groups opened for them. */
export function openTargets(vpc: Vpc, backed: Backed): Vpc {
  const { service, balancer } = backed;
  // Who names groups manages the targets' rules too (manage-backend-security-group-rules: false).
  if ((balancer.securityGroups ?? []).length > 0) return vpc;
  const shared = sharedGroup(vpc);
  const made = [frontOf(backed), { id: shared, name: shared, ingress: [], egress: EVERYTHING }];
  const known = new Set(vpc.securityGroups.map(({ id }) => id));
  const groups = [...vpc.securityGroups, ...made.filter(({ id }) => !known.has(id))];
  const opened = new Map<string, readonly SecurityGroupRule[]>();
  for (const port of service.ports) {
    for (const [group, rule] of targetRules(vpc, backed, port)) {
      opened.set(group, [...(opened.get(group) ?? []), rule]);
    }
  }
  const securityGroups = groups.map((group) => ({
    ...group,
    ingress: together(group.ingress, opened.get(group.id) ?? []),
  }));
  return { ...vpc, securityGroups };
}

const frontGroup = ({ namespace, name }: Service): string => `k8s-${namespace}-${name}`;

const sharedGroup = (vpc: Vpc): string => `k8s-traffic-${vpc.name}`;

const NUMBER = { TCP: 6, UDP: 17, SCTP: 132 } as const;

/** Admits everybody to the listeners, unless the Service names its clients' blocks. */
function frontOf({ service, balancer }: Backed): SecurityGroup {
  const id = frontGroup(service);
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

/** For each target of a port its group, and the rule that admits the load balancers there. */
function targetRules(
  vpc: Vpc,
  { balancer }: Backed,
  port: ServicePort,
): readonly (readonly [string, SecurityGroupRule])[] {
  const rule = (number: number): SecurityGroupRule => ({
    protocol: NUMBER[port.protocol],
    ports: { first: number, last: number },
    peer: { kind: 'security-group', id: sharedGroup(vpc) },
    description: 'AWS Load Balancer Controller: load balancers reach their targets',
  });
  const { nodePort } = port;
  if (balancer.targets === 'instance') {
    const nodes = vpc.interfaces.filter((own) => own.id.endsWith('/eth0'));
    const groups = nodes.flatMap(groupOf);
    return nodePort === undefined ? [] : groups.map((group) => [group, rule(nodePort)] as const);
  }
  return port.backends.flatMap(({ address, port: number }) => {
    const target = vpc.interfaces.find((own) => holds(own, address));
    return target === undefined
      ? []
      : groupOf(target).map((group) => [group, rule(number)] as const);
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
  const [first] = securityGroups;
  return cluster !== undefined ? [cluster] : first === undefined ? [] : [first];
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
