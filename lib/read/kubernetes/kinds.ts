import type { Cidr } from '../../model/address';
import type { CalicoMinor } from '../../model/calico-release';
import type { Policy, Tier } from '../../model/policy';
import type { Enforcer, HostEndpoint, NetworkSet, NodeDns } from '../../model/world';
import {
  gateway,
  gatewayClass,
  ingressClass,
  ingressClassParams,
  referenceGrant,
} from '../http/gateway';
import { type HttpRouteObject, httpRoute } from '../http/http-route';
import { type IngressObject, ingress } from '../http/ingress';
import type {
  GatewayClassObject,
  GatewayObject,
  IngressClassObject,
  IngressClassParamsObject,
  ReferenceGrantObject,
} from '../http/objects';
import { adminNetworkPolicy, baselineAdminNetworkPolicy } from '../policies/admin-network-policy';
import {
  calicoNetworkPolicy,
  globalNetworkPolicy,
  stagedGlobalNetworkPolicy,
  stagedKubernetesNetworkPolicy,
  stagedNetworkPolicy,
} from '../policies/calico-policy';
import { globalNetworkSet, hostEndpoint, networkSet, tier } from '../policies/calico-sets';
import { clusterNetworkPolicy } from '../policies/cluster-network-policy';
import { networkPolicy } from '../policies/network-policy';
import { type At, inside, warn } from '../schema/at';
import type { ManifestObject } from '../schema/documents';
import type { Metadata } from '../schema/metadata';
import { BAD } from '../schema/refusal';
import type { Shape } from '../schema/shape';
import {
  type EniConfigObject,
  eniConfig,
  type SecurityGroupPolicyObject,
  securityGroupPolicy,
} from './aws';
import { type NodeObject, namespace, node, serviceAccount } from './cluster';
import { type EndpointSliceObject, endpointSlice } from './endpoint-slice';
import { type EndpointsObject, endpointsObject } from './mirrored-endpoints';
import { type PodObject, pod } from './pod';
import { type ServiceObject, service } from './service';
import { serviceCidrObject } from './service-cidr';
import {
  cronJob,
  daemonSet,
  deployment,
  job,
  replicaSet,
  statefulSet,
  type WorkloadObject,
} from './workload';

/** An object that could be read, and where it stands: later questions may still find fault with it. */
export interface Found<T> {
  readonly at: At;
  readonly value: T;
}

/** Every object that could be read, by what it is good for. */
export interface Objects {
  readonly namespaces: Found<Metadata>[];
  readonly serviceAccounts: Found<Metadata>[];
  readonly nodes: Found<NodeObject>[];
  readonly pods: Found<PodObject>[];
  readonly workloads: Found<WorkloadObject>[];
  readonly services: Found<ServiceObject>[];
  readonly endpointSlices: Found<EndpointSliceObject>[];
  readonly endpoints: Found<EndpointsObject>[];
  readonly serviceCidrs: Found<readonly Cidr[]>[];
  readonly policies: Found<Policy>[];
  readonly tiers: Found<Tier>[];
  readonly gateways: Found<GatewayObject>[];
  readonly gatewayClasses: Found<GatewayClassObject>[];
  readonly referenceGrants: Found<ReferenceGrantObject>[];
  readonly httpRoutes: Found<HttpRouteObject>[];
  readonly ingresses: Found<IngressObject>[];
  readonly ingressClasses: Found<IngressClassObject>[];
  readonly ingressClassParams: Found<IngressClassParamsObject>[];
  readonly groupPolicies: Found<SecurityGroupPolicyObject>[];
  readonly eniConfigs: Found<EniConfigObject>[];
  readonly networkSets: Found<NetworkSet>[];
  readonly hostEndpoints: Found<HostEndpoint>[];
  /** Who enforces policies here, as far as objects say. */
  readonly enforcers: Set<Enforcer>;
  readonly nodeDns: NodeDns[];
  /** Releases of Calico that objects tell. */
  readonly calico: CalicoMinor[];
  /** File of every object by kind, namespace and name. */
  readonly seen: Map<string, string>;
}

export const noObjects = (): Objects => ({
  namespaces: [],
  serviceAccounts: [],
  nodes: [],
  pods: [],
  workloads: [],
  services: [],
  endpointSlices: [],
  endpoints: [],
  serviceCidrs: [],
  policies: [],
  tiers: [],
  gateways: [],
  gatewayClasses: [],
  referenceGrants: [],
  httpRoutes: [],
  ingresses: [],
  ingressClasses: [],
  ingressClassParams: [],
  groupPolicies: [],
  eniConfigs: [],
  networkSets: [],
  hostEndpoints: [],
  enforcers: new Set(),
  nodeDns: [],
  calico: [],
  seen: new Map(),
});

/** How one kind is read, and which of its versions are spoken here. */
export interface Kind {
  readonly scope: 'cluster' | 'namespaced';
  readonly versions: readonly string[];
  readonly read: (object: ManifestObject, into: Objects) => void;
}

const kind = <T>(
  versions: readonly string[],
  shape: Shape<T>,
  shelf: (objects: Objects) => Found<T>[],
): Kind => ({
  scope: 'namespaced',
  versions,
  read: ({ at, value }, into) => {
    const read = shape(value, at);
    if (read !== BAD) shelf(into).push({ at, value: read });
  },
});

const clusterWide = (inner: Kind): Kind => ({ ...inner, scope: 'cluster' });

const workload = (version: string, shape: Shape<WorkloadObject>): Kind =>
  kind([version], shape, (into) => into.workloads);

const policy = (version: string, shape: Shape<Policy>): Kind =>
  kind([version], shape, (into) => into.policies);

const STORAGE = 'crd.projectcalico.org/v1';

/** A kind of Calico's; how it is stored in Kubernetes is read too, with a remark. */
const calico = <T>(shape: Shape<T>, shelf: (objects: Objects) => Found<T>[]): Kind => {
  const versions = ['projectcalico.org/v3', STORAGE];
  const { read, scope } = kind(versions, shape, shelf);
  return {
    scope,
    versions,
    read: (object, into) => {
      if (object.apiVersion === STORAGE) remarkStorage(object.at);
      read(object, into);
    },
  };
};

const remarkStorage = (at: At): void =>
  warn(
    inside(at, 'apiVersion'),
    `${STORAGE} is how Calico stores its objects: nothing checks what is applied there`,
    'write projectcalico.org/v3',
  );

const calicoPolicy = (shape: Shape<Policy>): Kind => calico(shape, (into) => into.policies);

const GATEWAY_API = ['gateway.networking.k8s.io/v1', 'gateway.networking.k8s.io/v1beta1'];

/** The kinds that are read, by name; all others are skipped and counted. */
export const KINDS: Readonly<Record<string, readonly Kind[]>> = {
  Namespace: [clusterWide(kind(['v1'], namespace, (into) => into.namespaces))],
  ServiceAccount: [kind(['v1'], serviceAccount, (into) => into.serviceAccounts)],
  Node: [clusterWide(kind(['v1'], node, (into) => into.nodes))],
  Pod: [kind(['v1'], pod, (into) => into.pods)],
  Deployment: [workload('apps/v1', deployment)],
  StatefulSet: [workload('apps/v1', statefulSet)],
  DaemonSet: [workload('apps/v1', daemonSet)],
  ReplicaSet: [workload('apps/v1', replicaSet)],
  Job: [workload('batch/v1', job)],
  CronJob: [workload('batch/v1', cronJob)],
  Service: [kind(['v1'], service, (into) => into.services)],
  EndpointSlice: [kind(['discovery.k8s.io/v1'], endpointSlice, (into) => into.endpointSlices)],
  Endpoints: [kind(['v1'], endpointsObject, (into) => into.endpoints)],
  ServiceCIDR: [
    clusterWide(
      kind(
        ['networking.k8s.io/v1', 'networking.k8s.io/v1beta1'],
        serviceCidrObject,
        (into) => into.serviceCidrs,
      ),
    ),
  ],
  NetworkPolicy: [policy('networking.k8s.io/v1', networkPolicy), calicoPolicy(calicoNetworkPolicy)],
  ClusterNetworkPolicy: [
    clusterWide(policy('policy.networking.k8s.io/v1alpha2', clusterNetworkPolicy)),
  ],
  AdminNetworkPolicy: [
    clusterWide(policy('policy.networking.k8s.io/v1alpha1', adminNetworkPolicy)),
  ],
  BaselineAdminNetworkPolicy: [
    clusterWide(policy('policy.networking.k8s.io/v1alpha1', baselineAdminNetworkPolicy)),
  ],
  GlobalNetworkPolicy: [clusterWide(calicoPolicy(globalNetworkPolicy))],
  StagedNetworkPolicy: [calicoPolicy(stagedNetworkPolicy)],
  StagedGlobalNetworkPolicy: [clusterWide(calicoPolicy(stagedGlobalNetworkPolicy))],
  StagedKubernetesNetworkPolicy: [calicoPolicy(stagedKubernetesNetworkPolicy)],
  Tier: [clusterWide(calico(tier, (into) => into.tiers))],
  NetworkSet: [calico(networkSet, (into) => into.networkSets)],
  GlobalNetworkSet: [clusterWide(calico(globalNetworkSet, (into) => into.networkSets))],
  Ingress: [kind(['networking.k8s.io/v1'], ingress, (into) => into.ingresses)],
  IngressClass: [
    clusterWide(kind(['networking.k8s.io/v1'], ingressClass, (into) => into.ingressClasses)),
  ],
  IngressClassParams: [
    clusterWide(
      kind(['elbv2.k8s.aws/v1beta1'], ingressClassParams, (into) => into.ingressClassParams),
    ),
  ],
  GatewayClass: [clusterWide(kind(GATEWAY_API, gatewayClass, (into) => into.gatewayClasses))],
  ReferenceGrant: [kind(GATEWAY_API, referenceGrant, (into) => into.referenceGrants)],
  Gateway: [kind(GATEWAY_API, gateway, (into) => into.gateways)],
  HTTPRoute: [kind(GATEWAY_API, httpRoute, (into) => into.httpRoutes)],
  SecurityGroupPolicy: [
    kind(['vpcresources.k8s.aws/v1beta1'], securityGroupPolicy, (into) => into.groupPolicies),
  ],
  ENIConfig: [
    clusterWide(kind(['crd.k8s.amazonaws.com/v1alpha1'], eniConfig, (into) => into.eniConfigs)),
  ],
  HostEndpoint: [clusterWide(calico(hostEndpoint, (into) => into.hostEndpoints))],
};
