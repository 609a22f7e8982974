import { type FieldTable, refused } from './fields';

const REMOVE = 'remove it: it would change which requests are let in';

/** Fields of Gateway API's kinds beside routes (gateway.networking.k8s.io/v1, v1.6.3). */
export const GATEWAY_FIELDS: FieldTable = {
  'spec.gatewayClassName': 'served',
  'spec.listeners.name': 'served',
  'spec.listeners.port': 'served',
  'spec.listeners.protocol': 'served',
  'spec.listeners.hostname': 'served',
  'spec.listeners.allowedRoutes': 'served',
  'spec.listeners.tls.mode': 'served',
  'spec.listeners.tls.certificateRefs': 'served',
  'spec.listeners.tls.options': 'served',
  'spec.addresses': 'no-effect',
  'spec.infrastructure': 'no-effect',
  'spec.allowedListeners': 'no-effect',
  'spec.defaultScope': refused('name the Gateway in parentRefs of each route'),
  'spec.tls.backend': refused('remove it: the way to backends is plain HTTP here'),
  'spec.tls.frontend': refused(`${REMOVE} (client certificates are not checked here)`),
};

/** Fields of a GatewayClass. */
export const GATEWAY_CLASS_FIELDS: FieldTable = {
  'spec.controllerName': 'served',
  'spec.description': 'no-effect',
  'spec.parametersRef': 'no-effect',
};

/** Fields of a ReferenceGrant. */
export const REFERENCE_GRANT_FIELDS: FieldTable = {
  'spec.from': 'served',
  'spec.to': 'served',
};

/** Fields of an IngressClass (networking.k8s.io/v1). */
export const INGRESS_CLASS_FIELDS: FieldTable = {
  'spec.controller': 'served',
  'spec.parameters': 'served',
};

/** Fields of an Ingress (networking.k8s.io/v1). */
export const INGRESS_FIELDS: FieldTable = {
  'spec.ingressClassName': 'served',
  'spec.defaultBackend': 'served',
  'spec.rules': 'served',
  'spec.tls.hosts': 'served',
  'spec.tls.secretName': 'no-effect',
};

/** Fields of IngressClassParams (elbv2.k8s.aws/v1beta1). */
export const INGRESS_CLASS_PARAMS_FIELDS: FieldTable = {
  'spec.certificateArn': 'served',
  'spec.namespaceSelector': 'served',
  'spec.group.name': 'served',
  'spec.scheme': 'served',
  'spec.inboundCIDRs': 'served',
  'spec.sslRedirectPort': 'served',
  'spec.subnets.ids': 'served',
  'spec.subnets.tags': refused('write the subnets in ids'),
  'spec.ipAddressType': 'served',
  'spec.targetType': 'served',
  'spec.prefixListsIDs': 'served',
  'spec.PrefixListsIDs': 'served',
  'spec.loadBalancerName': 'no-effect',
  'spec.sslPolicy': 'no-effect',
  'spec.tags': 'no-effect',
  'spec.loadBalancerAttributes': 'no-effect',
  'spec.listeners': 'no-effect',
  'spec.minimumLoadBalancerCapacity': 'no-effect',
  'spec.ipamConfiguration': 'no-effect',
  'spec.wafv2AclArn': refused(`${REMOVE} (web ACLs are not judged here)`),
  'spec.wafv2AclName': refused(`${REMOVE} (web ACLs are not judged here)`),
};
