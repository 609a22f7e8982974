import { type Cidr, formatCidr } from '../../model/address';
import type { ApplicationBalancer, BalancerPort } from '../../model/http';
import { matches } from '../../model/selector';
import { type At, complain, inside } from '../schema/at';
import { compare } from '../schema/order';
import { EVERY_CLIENT } from './alb-gateway';
import { remarkPrefixList } from './alb-services';
import { type AlbSettings, albSettings } from './alb-settings';
import type { ClassedIngress } from './classes';
import type { Conditions, HttpCluster } from './cluster';
import { grouped } from './grouped';
import type { IngressObject } from './ingress';
import type { HttpObjects, IngressClassParamsObject } from './objects';

/** An Ingress of a group, with its settings. */
export interface AlbMember {
  readonly ingress: IngressObject;
  readonly at: At;
  readonly settings: AlbSettings;
  readonly params?: IngressClassParamsObject;
}

/** Ingresses that share a load balancer, in the order in which their rules are asked. */
export interface AlbGroup {
  /** `namespace/name` of an Ingress alone, or the name of a group. */
  readonly id: string;
  readonly namespace: string;
  readonly members: readonly AlbMember[];
}

/**
 * Groups of Ingresses as the AWS Load Balancer Controller makes them: members by `group.order`, then
 * by namespace and name (pkg/ingress/group_loader.go, sortGroupMembers).
 */
export function albGroups(
  ingresses: readonly ClassedIngress[],
  { ingressClassParams }: HttpObjects,
  { cluster, conditions }: { readonly cluster: HttpCluster; readonly conditions: Conditions },
): readonly AlbGroup[] {
  const members = ingresses.flatMap(({ ingress: { value, at }, ingressClass }): AlbMember[] => {
    const { meta } = value;
    const name = ingressClass?.params;
    const params = ingressClassParams.find((one) => one.value.meta.name === name)?.value;
    const labels = cluster.namespaces.find((one) => one.name === meta.namespace)?.labels ?? {};
    const barred = params?.namespaces !== undefined && !matches(params.namespaces, labels);
    if ((name !== undefined && params === undefined) || barred) {
      const message = barred
        ? `namespaceSelector of IngressClassParams ${name} does not select ${meta.namespace}`
        : `IngressClassParams ${name} is not here`;
      const about = { kind: 'Ingress', namespace: meta.namespace, name: meta.name } as const;
      const at2 = inside(inside(at, 'spec'), 'ingressClassName');
      conditions.add(
        { ...about, type: 'Accepted', status: 'False', reason: 'InvalidIngressClass', message },
        at2,
        'no load balancer is built: correct the class',
      );
      return [];
    }
    const settings = albSettings(value, params, at);
    for (const id of settings.prefixLists) remarkPrefixList(id, at);
    return [{ ingress: value, at, settings, ...(params !== undefined && { params }) }];
  });
  const nameOf = ({ meta }: IngressObject): string => `${meta.namespace}/${meta.name}`;
  const sorted = members.toSorted(
    (a, b) => a.settings.order - b.settings.order || compare(nameOf(a.ingress), nameOf(b.ingress)),
  );
  const groups = grouped(sorted, ({ ingress, settings }) => settings.group ?? nameOf(ingress));
  return [...groups].map(([id, all]) => ({
    id,
    namespace: all[0]?.ingress.meta.namespace ?? '',
    members: all,
  }));
}

/** A load balancer before its targets are known. */
export type MergedBalancer = Omit<ApplicationBalancer, 'targets'> & {
  /** The HTTPS port that every HTTP port redirects to. */
  readonly sslRedirect?: number;
};

/**
 * One load balancer for a group. What members say must agree where the controller says "Exclusive"
 * (pkg/ingress/model_builder.go and model_build_load_balancer.go); a conflict is reported, and then
 * nothing is built.
 */
export function mergeGroup({ id, namespace, members }: AlbGroup): MergedBalancer {
  const scheme = exclusive(members, 'scheme', ({ scheme: one }) => one) ?? 'internal';
  const type = exclusive(members, 'ip-address-type', (one) => one.ipAddressType) ?? 'ipv4';
  const subnets = exclusiveList(members, 'subnets', (one) => one.subnets.toSorted(compare));
  const groups = exclusiveList(members, 'security-groups', (one) => one.securityGroups);
  const manages = exclusive(members, 'manage-backend-security-group-rules', (one) =>
    one.managesBackendRules === undefined ? undefined : String(one.managesBackendRules),
  );
  const redirect = exclusive(members, 'ssl-redirect', ({ sslRedirect }) =>
    sslRedirect === undefined ? undefined : String(sslRedirect),
  );
  checkWord(members, 'scheme', { value: scheme, words: ['internal', 'internet-facing'] });
  checkWord(members, 'ip-address-type', { value: type, words: FAMILIES });
  const ports = portsOf(members);
  const target = ports.find(({ port }) => String(port) === redirect);
  if (redirect !== undefined && target?.protocol !== 'HTTPS') {
    say(
      members[0],
      'ssl-redirect',
      `there is no HTTPS listener at ${redirect}`,
      'add it to listen-ports',
    );
  }
  return {
    group: id,
    namespace,
    scheme: scheme === 'internet-facing' ? 'internet-facing' : 'internal',
    families: FAMILIES.find((one) => one === type) ?? 'ipv4',
    ports,
    addresses: [],
    managesBackendRules: manages === 'true',
    ...(subnets.length > 0 && { subnets }),
    ...(groups.length > 0 && { securityGroups: groups }),
    ...(redirect !== undefined && { sslRedirect: Number(redirect) }),
  };
}

const FAMILIES = ['ipv4', 'dualstack', 'dualstack-without-public-ipv4'] as const;

const PREFIX = 'alb.ingress.kubernetes.io/';

function say(member: AlbMember | undefined, key: string, problem: string, fix: string): void {
  if (member === undefined) return;
  const place = inside(inside(inside(member.at, 'metadata'), 'annotations'), `${PREFIX}${key}`);
  complain(place, problem, fix);
}

function checkWord(
  members: readonly AlbMember[],
  key: string,
  { value, words }: { readonly value: string; readonly words: readonly string[] },
): void {
  if (words.includes(value)) return;
  const problem = `'${value}' is not one of ${words.join(', ')}`;
  say(members[0], key, problem, `write ${words.join(' or ')}`);
}

/** A setting that all members which have it must agree on. */
function exclusive(
  members: readonly AlbMember[],
  key: string,
  of: (settings: AlbSettings) => string | undefined,
): string | undefined {
  const told = members.filter(({ settings }) => of(settings) !== undefined);
  const [first] = told;
  const value = first && of(first.settings);
  const other = told.find(({ settings }) => of(settings) !== value);
  if (other !== undefined && first !== undefined) {
    const { meta } = first.ingress;
    const problem = `${key} '${of(other.settings)}' conflicts with '${value}' of ${meta.namespace}/${meta.name} in the same group`;
    say(other, key, problem, 'write the same in every Ingress of the group');
  }
  return value;
}

function exclusiveList(
  members: readonly AlbMember[],
  key: string,
  of: (settings: AlbSettings) => readonly string[],
): readonly string[] {
  const joined = exclusive(members, key, (settings) => {
    const list = of(settings);
    return list.length === 0 ? undefined : list.join(', ');
  });
  return joined === undefined ? [] : joined.split(', ');
}

/** Ports of all members; who may call a port is told by any member, for all of them. */
function portsOf(members: readonly AlbMember[]): readonly BalancerPort[] {
  const ports = [...new Set(members.flatMap(({ settings }) => [...settings.listens.keys()]))];
  return ports.map((port): BalancerPort => {
    const here = members.filter(({ settings }) => settings.listens.has(port));
    const protocol = exclusive(here, 'listen-ports', ({ listens }) => listens.get(port)) ?? 'HTTP';
    const ranges = agreedRanges(here);
    const lists = exclusiveList(here, 'security-group-prefix-lists', (one) =>
      one.prefixLists.toSorted(compare),
    );
    const everybody = ranges.length === 0 && lists.length === 0;
    return {
      port,
      protocol: protocol === 'HTTPS' ? 'HTTPS' : 'HTTP',
      sourceRanges: everybody ? EVERY_CLIENT : ranges,
      prefixLists: lists,
    };
  });
}

function agreedRanges(members: readonly AlbMember[]): readonly Cidr[] {
  exclusiveList(members, 'inbound-cidrs', ({ sourceRanges }) =>
    [...new Set(sourceRanges.map(formatCidr))].sort(compare),
  );
  return (
    members.find(({ settings }) => settings.sourceRanges.length > 0)?.settings.sourceRanges ?? []
  );
}
