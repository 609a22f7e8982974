import type { Cidr, Ip, IpFamily } from '../../model/address';
import type { Service } from '../../model/world';
import { complain, inside } from '../schema/at';
import { legacyIp } from '../schema/legacy-address';
import { type Metadata, metadata } from '../schema/metadata';
import { checkServiceName } from '../schema/names';
import { BAD } from '../schema/refusal';
import { checked, list, mapped, object, oneOf, type Read, type Shape } from '../schema/shape';
import { unlessBroken } from '../schema/status';
import { checkServiceAddresses } from './service-addresses';
import { checkService } from './service-check';
import { type ServicePortSpec, type ServiceSpec, serviceFields } from './service-spec';

const serviceSpec = checked(serviceFields, (spec, at) => {
  checkService(spec, at);
  checkServiceAddresses(spec, at);
});

const BALANCER_FIELDS = ['hostname', 'ports'] as const;

/** A Service before its addresses and backends are known. */
export interface ServiceObject {
  readonly meta: Metadata;
  readonly type: Service['type'];
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePortSpec[];
  readonly clusterIps: readonly Ip[];
  /** Families it asks for; none: the cluster's own. */
  readonly ipFamilies: readonly IpFamily[];
  readonly headless: boolean;
  readonly externalName?: string;
  readonly internalTrafficPolicy: 'Cluster' | 'Local';
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  readonly affinitySeconds?: number;
  /** Pods that are not ready count too (`publishNotReadyAddresses`). */
  readonly publishNotReady: boolean;
  readonly loadBalancerClass?: string;
  /** Blocks of the clients that its load balancer admits. */
  readonly sourceRanges?: readonly Cidr[];
  /** Addresses that its load balancer already has (`status.loadBalancer`). */
  readonly balancerIps: readonly Ip[];
  /** Those of them that kube-proxy serves itself (`ipMode: VIP`, the default). */
  readonly balancerVips: readonly Ip[];
  readonly externalIps: readonly Ip[];
  readonly ipFamilyPolicy?: ServiceSpec['ipFamilyPolicy'];
  /** Ports without a node port get one (`allocateLoadBalancerNodePorts`). */
  readonly allocatesNodePorts: boolean;
  readonly trafficDistribution?: ServiceSpec['trafficDistribution'];
}

const balancerIngress = object({
  optional: { ip: legacyIp, ipMode: oneOf('VIP', 'Proxy') },
  ignored: BALANCER_FIELDS,
});

const status = object({
  optional: {
    loadBalancer: object({ optional: { ingress: list(unlessBroken(balancerIngress)) } }),
  },
  ignored: ['conditions'],
});

const serviceObject = checked(
  object({
    required: { metadata },
    optional: { spec: serviceSpec, status: unlessBroken(status) },
    ignored: ['apiVersion', 'kind'],
  }),
  ({ metadata: { name } }, at) => {
    const wrong = checkServiceName(name);
    if (wrong !== undefined)
      complain(inside(inside(at, 'metadata'), 'name'), wrong.problem, wrong.fix);
  },
);

/** `v1` Service. */
export const service: Shape<ServiceObject> = mapped(serviceObject, (read, at) => {
  const spec = read.spec ?? serviceSpec({}, inside(at, 'spec'));
  return spec === BAD ? BAD : toService({ ...read, spec });
});

interface ServiceParts {
  readonly metadata: Metadata;
  readonly spec: ServiceSpec;
  readonly status?: Read<typeof status>;
}

function toService({ metadata, spec, status: written }: ServiceParts): ServiceObject {
  const given = [...(spec.clusterIP ? [spec.clusterIP] : []), ...(spec.clusterIPs ?? [])];
  const addresses = given.filter((value): value is Ip => value !== 'None' && value !== '');
  const ingress = written?.loadBalancer?.ingress ?? [];
  const affinity = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
  return {
    meta: metadata,
    type: spec.type ?? 'ClusterIP',
    selector: spec.selector ?? {},
    ports: spec.ports ?? [],
    clusterIps: [...new Set(addresses)],
    ipFamilies: (spec.ipFamilies ?? []).map((name) => (name === 'IPv6' ? 6 : 4)),
    headless: given.includes('None'),
    internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster',
    externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster',
    balancerIps: ingress.flatMap((entry) => entry?.ip ?? []),
    balancerVips: ingress.flatMap((entry) => (entry?.ipMode === 'Proxy' ? [] : (entry?.ip ?? []))),
    externalIps: [...new Set(spec.externalIPs ?? [])],
    allocatesNodePorts: spec.allocateLoadBalancerNodePorts ?? true,
    ...(spec.ipFamilyPolicy !== undefined && { ipFamilyPolicy: spec.ipFamilyPolicy }),
    ...(spec.trafficDistribution !== undefined && {
      trafficDistribution: spec.trafficDistribution,
    }),
    publishNotReady: spec.publishNotReadyAddresses ?? false,
    ...(spec.type === 'ExternalName' &&
      spec.externalName !== undefined && { externalName: spec.externalName.replace(/\.$/, '') }),
    ...(spec.sessionAffinity === 'ClientIP' && { affinitySeconds: affinity }),
    ...(spec.loadBalancerSourceRanges !== undefined && {
      sourceRanges: spec.loadBalancerSourceRanges,
    }),
    ...(spec.loadBalancerClass !== undefined && { loadBalancerClass: spec.loadBalancerClass }),
  };
}
