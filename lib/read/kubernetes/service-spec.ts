import type { Ip } from '../../model/address';
import { legacyIp, trimmedCidr } from '../schema/legacy-address';
import {
  dnsLabel,
  labels,
  portNumber,
  portOrName,
  portProtocol,
  qualifiedName,
} from '../schema/names';
import { refuse } from '../schema/refusal';
import { flag, integer, list, object, oneOf, type Read, type Shape, text } from '../schema/shape';

/** The range that the API server hands out from by default (--service-node-port-range). */
const nodePort = integer(30_000, 32_767);

const servicePort = object({
  required: { port: portNumber },
  omitEmpty: {
    name: dnsLabel,
    protocol: portProtocol,
    targetPort: portOrName,
    appProtocol: qualifiedName,
  },
  omitZero: { nodePort, targetPort: portOrName },
});

const isWord = (value: string): value is 'None' | '' => value === 'None' || value === '';

const clusterIp: Shape<Ip | 'None' | ''> = (value, at) => {
  if (typeof value === 'string' && isWord(value)) return value;
  return value === 'none'
    ? refuse(at, "'none' is not an IP address", 'write None')
    : legacyIp(value, at);
};

const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode'] as const;

/** The fields of `spec`, each by itself. */
export const serviceFields = object({
  optional: {
    selector: labels,
    ports: list(servicePort),
    clusterIPs: list(clusterIp),
    ipFamilies: list(oneOf('IPv4', 'IPv6')),
    ipFamilyPolicy: oneOf('SingleStack', 'PreferDualStack', 'RequireDualStack'),
    externalIPs: list(legacyIp),
    internalTrafficPolicy: oneOf('Cluster', 'Local'),
    sessionAffinityConfig: object({
      optional: { clientIP: object({ optional: { timeoutSeconds: integer(1, 86_400) } }) },
    }),
    loadBalancerClass: qualifiedName,
    loadBalancerSourceRanges: list(trimmedCidr),
    allocateLoadBalancerNodePorts: flag,
    publishNotReadyAddresses: flag,
    trafficDistribution: oneOf(...DISTRIBUTIONS),
  },
  omitEmpty: {
    type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
    clusterIP: clusterIp,
    externalName: text(),
    externalTrafficPolicy: oneOf('Cluster', 'Local'),
    sessionAffinity: oneOf('None', 'ClientIP'),
  },
  omitZero: { healthCheckNodePort: nodePort },
  ignored: ['loadBalancerIP'],
});

/** The `spec` of a Service, as the checks of a Service look at it. */
export type ServiceSpec = Read<typeof serviceFields>;

/** One item of `spec.ports`. */
export type ServicePortSpec = Read<typeof servicePort>;
