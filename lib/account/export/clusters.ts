import type { LaunchTemplateInstanceMetadataOptions } from '@aws-sdk/client-ec2';
import type { RemoteAccessConfig } from '@aws-sdk/client-eks';
import type { AccountNetwork, RunningCluster } from './look';
import { exportOwnNodes } from './own-nodes';
import {
  type ExportedResources,
  logicalId,
  type NamedResource,
  present,
  type Refer,
  resource,
  withFound,
} from './resources';

/** Clusters with their node groups and the VPC CNI's settings, as a template says them. */
export const exportClusters = (network: AccountNetwork, refer: Refer): ExportedResources =>
  Object.fromEntries(
    network.clusters.flatMap((running) => [
      ...clusterResources(running, refer),
      ...exportOwnNodes(running, network, { id: clusterId(running.cluster.name ?? ''), refer }),
    ]),
  );

/** The logical id of a cluster. */
export const clusterId = (name: string): string => `Cluster${logicalId(name)}`;

const metadataOptions = (options: LaunchTemplateInstanceMetadataOptions | undefined) =>
  options === undefined
    ? undefined
    : present({
        HttpEndpoint: options.HttpEndpoint,
        HttpTokens: options.HttpTokens,
        HttpPutResponseHopLimit: options.HttpPutResponseHopLimit,
      });

const remoteAccess = (access: RemoteAccessConfig | undefined, refer: Refer) =>
  access === undefined
    ? undefined
    : present({
        Ec2SshKey: access.ec2SshKey,
        SourceSecurityGroups: access.sourceSecurityGroups?.map(refer),
      });

function clusterResources(running: RunningCluster, refer: Refer): readonly NamedResource[] {
  const { cluster, nodegroups, cni, launchTemplates } = running;
  const { name = '', version, resourcesVpcConfig: place, kubernetesNetworkConfig: net } = cluster;
  const id = clusterId(name);
  return [
    [
      id,
      withFound(
        resource('AWS::EKS::Cluster', {
          Name: name,
          Version: version,
          ResourcesVpcConfig: {
            SubnetIds: (place?.subnetIds ?? []).map(refer),
            SecurityGroupIds: (place?.securityGroupIds ?? []).map(refer),
            ...present({
              EndpointPrivateAccess: place?.endpointPrivateAccess,
              EndpointPublicAccess: place?.endpointPublicAccess,
              PublicAccessCidrs: place?.publicAccessCidrs,
            }),
          },
          KubernetesNetworkConfig: {
            ...(net?.ipFamily === undefined ? {} : { IpFamily: net.ipFamily }),
            ...(net?.serviceIpv4Cidr === undefined ? {} : { ServiceIpv4Cidr: net.serviceIpv4Cidr }),
          },
        }),
        { ClusterSecurityGroupRules: 'listed' },
      ),
    ],
    ...(cni === undefined
      ? []
      : [
          [
            `${id}Cni`,
            resource('AWS::EKS::Addon', {
              AddonName: cni.addonName,
              ClusterName: { Ref: id },
              ConfigurationValues: cni.configurationValues,
            }),
          ] as const,
        ]),
    ...launchTemplates.map(
      ({ LaunchTemplateId = '', LaunchTemplateData: data }): NamedResource => [
        logicalId(LaunchTemplateId),
        resource('AWS::EC2::LaunchTemplate', {
          LaunchTemplateData: {
            SecurityGroupIds: (data?.SecurityGroupIds ?? []).map(refer),
            NetworkInterfaces: (data?.NetworkInterfaces ?? []).map(
              ({ Groups = [], AssociatePublicIpAddress, DeviceIndex }) => ({
                Groups: Groups.map(refer),
                ...present({ AssociatePublicIpAddress, DeviceIndex }),
              }),
            ),
            ...present({ MetadataOptions: metadataOptions(data?.MetadataOptions) }),
          },
        }),
      ],
    ),
    ...nodegroups.map(
      ({ nodegroupName = '', subnets = [], scalingConfig, ...group }): NamedResource => [
        `${id}${logicalId(nodegroupName)}`,
        resource('AWS::EKS::Nodegroup', {
          NodegroupName: nodegroupName,
          ClusterName: { Ref: id },
          Subnets: subnets.map(refer),
          AmiType: group.amiType,
          InstanceTypes: group.instanceTypes,
          Labels: group.labels,
          ScalingConfig: {
            DesiredSize: scalingConfig?.desiredSize ?? 0,
            MinSize: scalingConfig?.minSize ?? 0,
            MaxSize: scalingConfig?.maxSize ?? 0,
          },
          RemoteAccess: remoteAccess(group.remoteAccess, refer),
          LaunchTemplate:
            group.launchTemplate?.id === undefined
              ? undefined
              : {
                  Id: refer(group.launchTemplate.id),
                  Version: group.launchTemplate.version ?? '1',
                },
        }),
      ],
    ),
  ];
}
