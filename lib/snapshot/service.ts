import { type Cidr, type Ip, type IpFamily, parseIp } from '../model/address';
import type { Service } from '../model/world';
import { type At, complain, inside } from './at';
import { type Metadata, metadata } from './metadata';
import {
  cidrBlock,
  dnsLabel,
  dnsSubdomain,
  ipAddress,
  labels,
  portNumber,
  portOrName,
  portProtocol,
} from './names';
import {
  checked,
  flag,
  integer,
  list,
  mapped,
  object,
  oneOf,
  parsed,
  type Read,
  type Shape,
  text,
} from './shape';

const servicePort = object({
  required: { port: portNumber },
  optional: {
    name: dnsLabel,
    protocol: portProtocol,
    targetPort: portOrName,
    nodePort: integer(0, 65535),
  },
  ignored: ['appProtocol'],
});

const clusterIp = parsed<Ip | 'None' | ''>((value) =>
  value === 'None' || value === ''
    ? value
    : (parseIp(value) ?? {
        problem: `'${value}' is no cluster IP`,
        fix: 'write an IP address, or None for a headless service',
      }),
);

const serviceSpec = checked(
  object({
    optional: {
      type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
      selector: labels,
      ports: list(servicePort),
      clusterIP: clusterIp,
      clusterIPs: list(clusterIp),
      externalName: dnsSubdomain,
      ipFamilies: list(oneOf('IPv4', 'IPv6')),
      internalTrafficPolicy: oneOf('Cluster', 'Local'),
      externalTrafficPolicy: oneOf('Cluster', 'Local'),
      sessionAffinity: oneOf('None', 'ClientIP'),
      sessionAffinityConfig: object({
        optional: { clientIP: object({ optional: { timeoutSeconds: integer(1, 86_400) } }) },
      }),
      publishNotReadyAddresses: flag,
      loadBalancerClass: text(),
      loadBalancerSourceRanges: list(cidrBlock),
    },
    ignored: [
      'allocateLoadBalancerNodePorts',
      'externalIPs',
      'healthCheckNodePort',
      'ipFamilyPolicy',
      'loadBalancerIP',
      'trafficDistribution',
    ],
  }),
  checkService,
);

const BALANCER_FIELDS = ['hostname', 'ipMode', 'ports'] as const;

export type ServicePortSpec = Read<typeof servicePort>;

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
}

const status = object({
  optional: {
    loadBalancer: object({
      optional: {
        ingress: list(object({ optional: { ip: ipAddress }, ignored: BALANCER_FIELDS })),
      },
    }),
  },
  ignored: ['conditions'],
});

const serviceObject = object({
  required: { metadata, spec: serviceSpec },
  optional: { status },
  ignored: ['apiVersion', 'kind'],
});

/** `v1` Service. */
export const service: Shape<ServiceObject> = mapped(serviceObject, ({ metadata, spec, status }) => {
  const given = [...(spec.clusterIP ? [spec.clusterIP] : []), ...(spec.clusterIPs ?? [])];
  const addresses = given.filter((value): value is Ip => value !== 'None' && value !== '');
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
    balancerIps: (status?.loadBalancer?.ingress ?? []).flatMap((entry) => entry.ip ?? []),
    publishNotReady: spec.publishNotReadyAddresses ?? false,
    ...(spec.externalName !== undefined && { externalName: spec.externalName }),
    ...(spec.sessionAffinity === 'ClientIP' && { affinitySeconds: affinity }),
    ...(spec.loadBalancerSourceRanges !== undefined && {
      sourceRanges: spec.loadBalancerSourceRanges,
    }),
    ...(spec.loadBalancerClass !== undefined && { loadBalancerClass: spec.loadBalancerClass }),
  };
});

interface ServiceFields {
  readonly type?: Service['type'];
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly ports?: readonly ServicePortSpec[];
}

/** k8s pkg/apis/core/validation ValidateService. */
function checkService(spec: ServiceFields, at: At): void {
  const ports = spec.ports ?? [];
  const external = spec.type === 'ExternalName';
  const place = inside(at, 'ports');
  if (external && spec.externalName === undefined) {
    complain(inside(at, 'externalName'), 'externalName is missing', 'name the host it stands for');
  }
  if (!external && ports.length === 0 && spec.clusterIP !== 'None') {
    complain(place, 'the service has no port', 'add one');
  }
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [i, { name, port, protocol = 'TCP' }] of ports.entries()) {
    const here = inside(place, i);
    if (name === undefined && ports.length > 1) {
      complain(inside(here, 'name'), 'name is missing', 'name every port where there are several');
    }
    if (name !== undefined && names.has(name)) {
      complain(inside(here, 'name'), `two ports are named '${name}'`, 'rename one');
    }
    if (numbers.has(`${protocol}/${port}`)) {
      complain(here, `${protocol} ${port} is written twice`, 'remove one of the two');
    }
    names.add(name ?? '');
    numbers.add(`${protocol}/${port}`);
  }
}
