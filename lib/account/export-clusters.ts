import type { Network, RunningCluster } from './export-look';
import { logicalId, type Named, type Refer, type Resources, resource } from './export-resources';

/** Clusters with their node groups and the VPC CNI's settings, as a template says them. */
export const exportClusters = ({ clusters }: Network, refer: Refer): Resources =>
  Object.fromEntries(clusters.flatMap((running) => clusterResources(running, refer)));

/** The logical id of a cluster. */
export const clusterId = (name: string): string => `Cluster${logicalId(name)}`;

function clusterResources(running: RunningCluster, refer: Refer): readonly Named[] {
  const { cluster, nodegroups, cni, launchTemplates } = running;
  const { name = '', version, resourcesVpcConfig: place, kubernetesNetworkConfig: net } = cluster;
  const id = clusterId(name);
  return [
    [
      id,
      resource('AWS::EKS::Cluster', {
        Name: name,
        Version: version,
        ResourcesVpcConfig: {
          SubnetIds: (place?.subnetIds ?? []).map(refer),
          SecurityGroupIds: (place?.securityGroupIds ?? []).map(refer),
        },
        KubernetesNetworkConfig: {
          ...(net?.ipFamily === undefined ? {} : { IpFamily: net.ipFamily }),
          ...(net?.serviceIpv4Cidr === undefined ? {} : { ServiceIpv4Cidr: net.serviceIpv4Cidr }),
        },
      }),
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
      ({ LaunchTemplateId = '', LaunchTemplateData: data }): Named => [
        logicalId(LaunchTemplateId),
        resource('AWS::EC2::LaunchTemplate', {
          LaunchTemplateData: {
            SecurityGroupIds: (data?.SecurityGroupIds ?? []).map(refer),
            NetworkInterfaces: (data?.NetworkInterfaces ?? []).map(({ Groups = [] }) => ({
              Groups: Groups.map(refer),
            })),
          },
        }),
      ],
    ),
    ...nodegroups.map(
      ({ nodegroupName = '', subnets = [], scalingConfig, ...group }): Named => [
        `${id}${logicalId(nodegroupName)}`,
        resource('AWS::EKS::Nodegroup', {
          NodegroupName: nodegroupName,
          ClusterName: { Ref: id },
          Subnets: subnets.map(refer),
          InstanceTypes: group.instanceTypes,
          Labels: group.labels,
          ScalingConfig: {
            DesiredSize: scalingConfig?.desiredSize ?? 0,
            MinSize: scalingConfig?.minSize ?? 0,
            MaxSize: scalingConfig?.maxSize ?? 0,
          },
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
