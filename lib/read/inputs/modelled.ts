/** What was skipped, in two lists: what a verdict may depend on, and what is not about the network. */
export interface SkippedKinds {
  readonly notModelled: Readonly<Record<string, number>>;
  readonly notNetwork: Readonly<Record<string, number>>;
}

/**
 * Kinds of Kubernetes' own API groups (API reference of Kubernetes 1.35) that carry no packets and
 * select no pods for the network. ConfigMaps and Secrets configure programs.
 */
const KUBERNETES_KINDS: ReadonlySet<string> = new Set([
  ...['APIService', 'Binding', 'CertificateSigningRequest', 'ClusterRole', 'ClusterRoleBinding'],
  ...['ClusterTrustBundle', 'ComponentStatus', 'ConfigMap', 'ControllerRevision', 'CSIDriver'],
  ...['CSINode', 'CSIStorageCapacity', 'CustomResourceDefinition', 'DeviceClass', 'Event'],
  ...['FlowSchema', 'HorizontalPodAutoscaler', 'IPAddress', 'Lease', 'LimitRange'],
  ...['PersistentVolume', 'PersistentVolumeClaim', 'PodDisruptionBudget', 'PodTemplate'],
  ...['PriorityClass', 'PriorityLevelConfiguration', 'ResourceClaim', 'ResourceClaimTemplate'],
  ...['ResourceQuota', 'ResourceSlice', 'Role', 'RoleBinding', 'RuntimeClass', 'Secret'],
  ...['StorageClass', 'StorageVersion', 'ValidatingAdmissionPolicy', 'VolumeAttachment'],
  ...['ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration'],
  ...['VolumeAttributesClass', 'NodeMetrics', 'PodMetrics'],
]);

/**
 * Kinds of well-known add-ons that read or store and make no pods, Services or policies (documents of
 * cert-manager, Prometheus operator, External Secrets, Sealed Secrets, snapshot controller, Grafana).
 */
const ADD_ON_KINDS: ReadonlySet<string> = new Set([
  ...['Certificate', 'CertificateRequest', 'ClusterIssuer', 'Issuer', 'Order', 'Challenge'],
  ...['ServiceMonitor', 'PodMonitor', 'Probe', 'PrometheusRule', 'AlertmanagerConfig'],
  ...['ExternalSecret', 'ClusterExternalSecret', 'SecretStore', 'ClusterSecretStore'],
  ...['SealedSecret', 'VolumeSnapshot', 'VolumeSnapshotClass', 'VolumeSnapshotContent'],
  ...['GrafanaDashboard', 'VerticalPodAutoscaler', 'ScaledObject', 'TriggerAuthentication'],
]);

/** Services of AWS whose resources route, filter, join or balance, or make what does. */
const NETWORK_SERVICES =
  /^(AWS::(AutoScaling|CloudFormation|DirectConnect|DMS|DocDB|ECS|EFS|EKS|ElastiCache|ElasticLoadBalancing|ElasticLoadBalancingV2|EMR|FSx|GlobalAccelerator|Lambda|MSK|Neptune|NetworkFirewall|NetworkManager|OpenSearchService|RAM|RDS|Redshift|Route53Resolver|Synthetics|Transfer|VpcLattice)::|Custom::)/;

/** Resource types of those services, and of EC2, that no packet meets. */
const QUIET_TYPES =
  /^AWS::(EC2::(KeyPair|Volume|VolumeAttachment|FlowLog|DHCPOptions|VPCDHCPOptionsAssociation|EC2Fleet|SpotFleet|PlacementGroup|Host|CapacityReservation|IPAM\w*)|AutoScaling::(ScalingPolicy|LifecycleHook|ScheduledAction|WarmPool)|EKS::(AccessEntry|IdentityProviderConfig|PodIdentityAssociation)|Lambda::(Permission|Version|Alias|EventInvokeConfig|EventSourceMapping|LayerVersion|LayerVersionPermission|CodeSigningConfig|Url)|RDS::\w*ParameterGroup|RDS::OptionGroup|RDS::EventSubscription|ElastiCache::(ParameterGroup|User|UserGroup)|ECS::(TaskDefinition|Cluster|ClusterCapacityProviderAssociations|CapacityProvider)|EFS::(FileSystem|AccessPoint)|CloudFormation::WaitCondition(Handle)?|RAM::Permission)$/;

/**
 * Whether a verdict may depend on a skipped kind or resource type. A kind that is not known here may
 * make pods, Services or policies: an operator turns a custom resource into them.
 */
export function mayDecide(type: string): boolean {
  if (!type.includes('::')) return !KUBERNETES_KINDS.has(type) && !ADD_ON_KINDS.has(type);
  if (QUIET_TYPES.test(type)) return false;
  return type.startsWith('AWS::EC2::') || NETWORK_SERVICES.test(type);
}

/** Tells skipped kinds apart. */
export function skippedKinds(skipped: Readonly<Record<string, number>>): SkippedKinds {
  const of = (test: (type: string) => boolean): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(skipped).filter(([type]) => test(type)));
  return { notModelled: of(mayDecide), notNetwork: of((type) => !mayDecide(type)) };
}
