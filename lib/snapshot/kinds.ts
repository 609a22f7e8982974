import type { Policy, Tier } from '../model/policy';
import type { Enforcer, HostEndpoint, NetworkSet } from '../model/world';
import { adminNetworkPolicy, baselineAdminNetworkPolicy } from './admin-network-policy';
import { type At, inside, warn } from './at';
import {
  type EniConfigObject,
  eniConfig,
  type SecurityGroupPolicyObject,
  securityGroupPolicy,
} from './aws';
import {
  calicoNetworkPolicy,
  globalNetworkPolicy,
  stagedGlobalNetworkPolicy,
  stagedKubernetesNetworkPolicy,
  stagedNetworkPolicy,
} from './calico-policy';
import { globalNetworkSet, hostEndpoint, networkSet, tier } from './calico-sets';
import { type NodeObject, namespace, node, serviceAccount } from './cluster';
import { clusterNetworkPolicy } from './cluster-network-policy';
import type { ManifestObject } from './documents';
import { type EndpointSliceObject, endpointSlice } from './endpoint-slice';
import { type FoundRoute, type Gateway, gateway, httpRoute, ingress } from './http';
import type { Metadata } from './metadata';
import { networkPolicy } from './network-policy';
import { type PodObject, pod } from './pod';
import { BAD } from './refusal';
import { type ServiceObject, service } from './service';
import type { Shape } from './shape';
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
  readonly policies: Found<Policy>[];
  readonly tiers: Found<Tier>[];
  readonly gateways: Found<Gateway>[];
  readonly httpRoutes: Found<readonly FoundRoute[]>[];
  readonly groupPolicies: Found<SecurityGroupPolicyObject>[];
  readonly eniConfigs: Found<EniConfigObject>[];
  readonly networkSets: Found<NetworkSet>[];
  readonly hostEndpoints: Found<HostEndpoint>[];
  /** Who enforces policies here, as far as objects say. */
  readonly enforcers: Set<Enforcer>;
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
  policies: [],
  tiers: [],
  gateways: [],
  httpRoutes: [],
  groupPolicies: [],
  eniConfigs: [],
  networkSets: [],
  hostEndpoints: [],
  enforcers: new Set(),
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
  Ingress: [kind(['networking.k8s.io/v1'], ingress, (into) => into.httpRoutes)],
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
